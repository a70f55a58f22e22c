import { contextBridge, ipcRenderer, webUtils } from 'electron';

/*
 * The one bridge between the page and the shell. A sandboxed preload is a single CommonJS file without imports of its
 * own, so the names below are repeated from `main/dialogs.ts` and `main/engine-life.ts`; a test holds them together.
 */
/** The part of the page's window that is used here. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};

const CHOOSE_FOLDERS = 'tubelet:choose-folders';
const SAVE_TEXT = 'tubelet:save-text';
const ENGINE_PORT = 'tubelet:engine-port';

/** Hands each port to the engine on to the page: the first at start, another whenever the engine was restarted. */
ipcRenderer.on(ENGINE_PORT, (event) => {
  window.postMessage(ENGINE_PORT, window.location.origin, event.ports);
});

contextBridge.exposeInMainWorld('tubelet', {
  chooseFolders: (): Promise<unknown> => ipcRenderer.invoke(CHOOSE_FOLDERS),
  pathsOf: (files: readonly File[]): string[] =>
    files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== ''),
  saveText: (fileName: string, mimeType: string, content: string): Promise<unknown> =>
    ipcRenderer.invoke(SAVE_TEXT, fileName, mimeType, content),
});
