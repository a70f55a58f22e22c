import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { createApp } from './app.ts';
import { connectHost } from './engine/connect.ts';

const { engine, host } = connectHost(window);
const target = document.getElementById('app');
if (target === null) throw new Error('The page has no place for the app.');
mount(App, { target, props: { app: createApp(engine, host) } });
