import { basename } from 'node:path';
import type { Work } from '../../engine/api/shapes.ts';
import { captionLibrary, type CaptionLibraryProgress } from '../../engine/captions/describe.ts';
import { Gate } from '../../engine/captions/pause.ts';
import { isCancelled, reportOf, type ErrorReport } from '../../engine/errors.ts';
import type { Store } from '../../engine/library/types.ts';
import type { LanguageModel } from '../../engine/models/types.ts';

/** What writing captions in the background rests on. */
export interface DescribingOptions {
  readonly store: Store;
  readonly language: () => Promise<LanguageModel>;
  readonly onWork: (work: Work) => void;
  /** The captions of a file have been written. */
  readonly onCaptions: (mediaId: number) => void;
  /** Files that could not be captioned. */
  readonly onFailures: (failed: readonly { path: string; error: ErrorReport }[]) => void;
}

/** Writes captions in the background of the app: what is asked for meanwhile waits its turn. */
export class Describing {
  readonly #options: DescribingOptions;
  readonly #wanted: (number | null)[] = [];
  #gate = new Gate();
  #run: { promise: Promise<void>; stop: AbortController } | null = null;
  #progress: CaptionLibraryProgress | null = null;
  #error: ErrorReport | null = null;

  constructor(options: DescribingOptions) {
    this.#options = options;
  }

  /** Where it stands. */
  get work(): Work {
    const progress = this.#progress;
    const running = this.#run === null ? (this.#error === null ? 'idle' : 'failed') : 'running';
    return {
      kind: 'captioning',
      state: this.#gate.paused ? 'paused' : running,
      mediaId: progress?.mediaId ?? null,
      name: progress === null ? null : basename(progress.path),
      filesDone: progress?.filesDone ?? 0,
      filesTotal: progress?.filesTotal ?? 0,
      fraction:
        progress === null
          ? 0
          : Math.min(1, (progress.filesDone + progress.fraction) / Math.max(1, progress.filesTotal)),
      secondsLeft: null,
      error: this.#error,
    };
  }

  /** Writes the captions of one file anew, or (null) of every file that has none. */
  start(mediaId: number | null): void {
    if (!this.#wanted.includes(mediaId)) this.#wanted.push(mediaId);
    if (this.#run !== null) return;
    this.#error = null;
    const stop = new AbortController();
    const promise = this.#work(stop.signal).finally(() => {
      this.#run = null;
      this.#progress = null;
      this.#tell();
    });
    this.#run = { promise, stop };
    this.#tell();
  }

  pause(): void {
    if (this.#run === null) return;
    this.#gate.pause();
    this.#tell();
  }

  resume(): void {
    this.#gate.resume();
    this.#tell();
  }

  /** Stops; captions of the files that were finished stay. */
  async cancel(): Promise<void> {
    this.#wanted.length = 0;
    const run = this.#run;
    run?.stop.abort();
    await run?.promise;
    this.#gate.resume();
    this.#error = null;
    this.#tell();
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { store, language, onCaptions, onFailures } = this.#options;
    try {
      for (let mediaId = this.#wanted[0]; mediaId !== undefined; mediaId = this.#wanted[0]) {
        const result = await captionLibrary({
          store,
          language: await language(),
          gate: this.#gate,
          signal,
          ...(mediaId === null ? {} : { mediaIds: [mediaId], again: true }),
          onProgress: (progress) => {
            const before = this.#progress;
            if (before !== null && before.mediaId !== progress.mediaId) onCaptions(before.mediaId);
            this.#progress = progress;
            this.#tell();
          },
        });
        if (this.#progress !== null) onCaptions(this.#progress.mediaId);
        if (result.failed.length > 0) onFailures(result.failed);
        this.#wanted.shift();
      }
    } catch (error) {
      this.#wanted.length = 0;
      if (!isCancelled(error)) this.#error = reportOf(error);
    }
  }

  #tell(): void {
    this.#options.onWork(this.work);
  }
}
