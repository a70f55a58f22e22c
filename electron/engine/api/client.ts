import type { Channel, EventName, EventOf, ReplyOf, RequestOf } from './channels.ts';

/** The engine as the renderer sees it; it cannot tell which host carries it. */
export interface EngineClient {
  /** Rejects with an `ErrorReport`-shaped Error (`EngineFailure`) when the engine refuses or fails. */
  call<C extends Channel>(channel: C, request: RequestOf<C>): Promise<ReplyOf<C>>;
  /** Listens to an event; the returned function stops listening. */
  on<E extends EventName>(event: E, listener: (payload: EventOf<E>) => void): () => void;
  /** `connected` at first; told on every change. Calls made while away wait until the connection is back. */
  onConnection(listener: (state: 'connected' | 'away') => void): () => void;
}

/** What the page cannot do itself and the host can. */
export interface HostServices {
  readonly kind: 'electron' | 'browser';
  /** URL of the file itself (with ranges), or of a preview made on the fly from a second on. */
  mediaUrl(mediaId: number, preview?: { from: number }): string;
  /** URL of one sheet of thumbnails. */
  sheetUrl(mediaId: number, sheet: number): string;
  /** URL of the poster of a file, from `MediaSummary.poster`. */
  posterUrl(mediaId: number, poster: string): string;
  /** Asks the person for folders with the system's own dialog; null where the host has none (use `folders.list`). */
  chooseFolders: (() => Promise<string[] | null>) | null;
  /** Absolute paths of dropped files; null where the host does not learn them (a browser). */
  pathsOf: ((files: readonly File[]) => string[]) | null;
  /** Hands a text file to the person: a save dialog, or a download. */
  saveText(fileName: string, mimeType: string, content: string): Promise<void>;
}

/** An engine error on the client's side. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';
  readonly code: string;
  readonly path: string | undefined;
  readonly hint: string | undefined;

  constructor(report: {
    code: string;
    message: string;
    path?: string | undefined;
    hint?: string | undefined;
  }) {
    super(report.message);
    this.code = report.code;
    this.path = report.path;
    this.hint = report.hint;
  }
}
