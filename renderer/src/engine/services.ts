import type { HostServices } from '../../../electron/engine/api/client.ts';

/** What the preload puts on the window. */
export interface Bridge {
  chooseFolders(): Promise<string[] | null>;
  pathsOf(files: readonly File[]): string[];
  saveText(fileName: string, mimeType: string, content: string): Promise<void>;
}

declare global {
  interface Window {
    readonly tubelet?: Bridge;
  }
}

/** The services of the Electron shell: its own protocol for media, the system's dialogs. */
export function electronServices(bridge: Bridge): HostServices {
  return {
    kind: 'electron',
    mediaUrl: (mediaId, preview) =>
      preview === undefined
        ? `media://file/${mediaId}`
        : `media://preview/${mediaId}?from=${preview.from.toFixed(3)}`,
    // Of the page's own origin: sheets are fetched, and a page may fetch from nowhere else.
    sheetUrl: (mediaId, sheet) => `/sheets/${mediaId}/${sheet}`,
    posterUrl: (mediaId, poster) => `media://poster/${mediaId}?of=${encodeURIComponent(poster)}`,
    chooseFolders: () => bridge.chooseFolders(),
    pathsOf: (files) => bridge.pathsOf(files),
    saveText: (fileName, mimeType, content) => bridge.saveText(fileName, mimeType, content),
  };
}

/** The services of a browser beside the loopback host: plain addresses, downloads for saving. */
export function browserServices(page: Document): HostServices {
  return {
    kind: 'browser',
    mediaUrl: (mediaId, preview) =>
      preview === undefined ? `/media/${mediaId}` : `/preview/${mediaId}?from=${preview.from.toFixed(3)}`,
    sheetUrl: (mediaId, sheet) => `/sheets/${mediaId}/${sheet}`,
    posterUrl: (mediaId, poster) => `/posters/${mediaId}?of=${encodeURIComponent(poster)}`,
    chooseFolders: null,
    pathsOf: null,
    saveText: (fileName, mimeType, content) => {
      const address = URL.createObjectURL(new Blob([content], { type: mimeType }));
      const link = page.createElement('a');
      link.href = address;
      link.download = fileName;
      link.click();
      setTimeout(() => {
        URL.revokeObjectURL(address);
      }, 10_000);
      return Promise.resolve();
    },
  };
}
