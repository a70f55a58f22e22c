import type { EngineClient, HostServices } from '../../../electron/engine/api/client.ts';
import type { CaptionEdit, CaptionTrack, Cue, ExportFormat } from '../../../electron/engine/api/shapes.ts';
import type { NoticeStore } from './notices.svelte.ts';

/** The captions of the open file, and every change to them. */
export class CaptionStore {
  track = $state.raw<CaptionTrack | null>(null);
  problem = $state<unknown>(null);
  /** The cue whose text is being edited. */
  editing = $state<number | null>(null);
  /** The cue that keys act on. */
  selected = $state<number | null>(null);
  readonly #engine: EngineClient;
  readonly #host: HostServices;
  readonly #notices: NoticeStore;
  #mediaId: number | null = null;
  /** Changes go one after the other, so that each sees what the one before left. */
  #queue: Promise<void> = Promise.resolve();

  constructor(engine: EngineClient, host: HostServices, notices: NoticeStore) {
    this.#engine = engine;
    this.#host = host;
    this.#notices = notices;
    engine.on('captions.changed', ({ mediaId }) => {
      if (mediaId === this.#mediaId) void this.reload();
    });
  }

  async open(mediaId: number): Promise<void> {
    if (mediaId !== this.#mediaId) {
      this.#mediaId = mediaId;
      this.track = null;
      this.editing = null;
      this.selected = null;
    }
    await this.reload();
  }

  async reload(): Promise<void> {
    const mediaId = this.#mediaId;
    if (mediaId === null) return;
    try {
      const track = await this.#engine.call('captions.list', { mediaId });
      if (mediaId !== this.#mediaId) return;
      this.track = track;
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  /** The cue on screen at a time. */
  at(seconds: number): Cue | null {
    return this.track?.cues.find((cue) => cue.start <= seconds && seconds < cue.end) ?? null;
  }

  edit(edit: CaptionEdit): Promise<void> {
    const mediaId = this.#mediaId;
    if (mediaId === null) return Promise.resolve();
    this.#queue = this.#queue.then(async () => {
      try {
        const track = await this.#engine.call('captions.edit', { mediaId, edit });
        if (mediaId === this.#mediaId) this.track = track;
      } catch (error) {
        this.#notices.failed(error);
        await this.reload();
      }
    });
    return this.#queue;
  }

  /** Writes the captions to a file that the person chooses; the name of it, or null when it could not be made. */
  async save(format: ExportFormat): Promise<string | null> {
    const mediaId = this.#mediaId;
    if (mediaId === null) return null;
    try {
      const { fileName, mimeType, content } = await this.#engine.call('captions.export', { mediaId, format });
      await this.#host.saveText(fileName, mimeType, content);
      return fileName;
    } catch (error) {
      this.#notices.failed(error);
      return null;
    }
  }

  /** Reads captions from a subtitle file. */
  async read(file: File): Promise<boolean> {
    const mediaId = this.#mediaId;
    if (mediaId === null) return false;
    try {
      const content = await file.text();
      this.track = await this.#engine.call('captions.import', { mediaId, fileName: file.name, content });
      return true;
    } catch (error) {
      this.#notices.failed(error);
      return false;
    }
  }
}
