import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Builds the page that both hosts serve. Everything is a file of its own: the policy forbids inline code. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [svelte()],
  build: {
    outDir: fileURLToPath(new URL('../dist/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome140',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  /** For work on the page alone: `vite` beside a running `tubelet serve --port 4870`. */
  server: {
    proxy: Object.fromEntries(
      ['/media', '/preview', '/sheets', '/posters'].map((route) => [route, 'http://127.0.0.1:4870']),
    ),
  },
});
