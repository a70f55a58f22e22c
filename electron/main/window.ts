import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import type { Log } from '../hosts/contract/log.ts';
import { placeUrl } from './address.ts';
import { forbidNavigation } from './navigation.ts';
import { LEAST_SIZE, placeWindow, writeWindowState, type WindowState } from './window-state.ts';

/** What opening the window rests on. */
export interface WindowOptions {
  /** Makes the window: `new BrowserWindow(options)`. */
  readonly create: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly preload: string;
  readonly state: WindowState;
  readonly statePath: string;
  readonly workAreas: readonly Rectangle[];
  readonly dark: boolean;
  readonly log: Log;
}

/** The page can do what a web page can, and no more: no Node, its own world, a sandboxed process. */
export const WEB_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const;

/** Opens the one window, where it was last time. It is shown once it has something to show. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const window = options.create({
    ...placeWindow(options.state, options.workAreas),
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    show: false,
    title: 'Tubelet',
    backgroundColor: options.dark ? '#111315' : '#fafafa',
    webPreferences: { ...WEB_PREFERENCES, preload: options.preload },
  });
  forbidNavigation(window.webContents, options.log);
  window.once('ready-to-show', () => {
    if (options.state.maximized) window.maximize();
    window.show();
  });
  window.on('close', () => {
    try {
      const state = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
      writeWindowState(options.statePath, state);
    } catch (error) {
      options.log({ level: 'failed', what: 'the window place was not kept', detail: String(error) });
    }
  });
  window.loadURL(placeUrl('library')).catch((error: unknown) => {
    options.log({ level: 'failed', what: 'the page did not load', detail: String(error) });
  });
  return window;
}
