import { basename } from 'node:path';
import type { Work } from '../../engine/api/shapes.ts';
import { isCancelled, reportOf, type ErrorReport } from '../../engine/errors.ts';
import type { FileOutcome } from '../../engine/library/index-file.ts';
import type { IndexProgress } from '../../engine/library/progress.ts';

/** The engine's indexer, as far as it is used here. */
export interface IndexingRun {
  run(options: {
    signal: AbortSignal;
    onProgress: (progress: IndexProgress) => void;
    onFile: (outcome: FileOutcome) => void;
  }): Promise<void>;
  pause(): void;
  resume(): void;
}

/** Whom indexing tells. */
export interface IndexingListeners {
  readonly onWork: (work: Work) => void;
  /** Clips of the file were stored, or its state changed. */
  readonly onMedia: (mediaId: number) => void;
  readonly onFile: (outcome: FileOutcome) => void;
}

const NOTHING: Omit<Work, 'kind' | 'state' | 'error'> = {
  mediaId: null,
  name: null,
  filesDone: 0,
  filesTotal: 0,
  fraction: 0,
  secondsLeft: null,
};

/** Looks at what is queued, in the background of the app: one run after another until the queue is empty. */
export class Indexing {
  readonly #open: () => Promise<IndexingRun>;
  #indexer: IndexingRun | null = null;
  readonly #queued: () => number;
  readonly #dequeueAll: () => void;
  readonly #listeners: IndexingListeners;
  #run: { promise: Promise<void>; stop: AbortController } | null = null;
  #paused = false;
  #progress = NOTHING;
  #error: ErrorReport | null = null;

  constructor(options: {
    /** Opens the indexer; another one after the pack was changed. */
    indexer: () => Promise<IndexingRun>;
    /** How many files wait. */
    queued: () => number;
    /** Takes every file that waits out of the queue. */
    dequeueAll: () => void;
    listeners: IndexingListeners;
  }) {
    this.#open = options.indexer;
    this.#queued = options.queued;
    this.#dequeueAll = options.dequeueAll;
    this.#listeners = options.listeners;
  }

  /** Where it stands. */
  get work(): Work {
    const state = this.#paused
      ? 'paused'
      : this.#run !== null
        ? 'running'
        : this.#error !== null
          ? 'failed'
          : 'idle';
    return { kind: 'indexing', state, ...this.#progress, error: this.#error };
  }

  /** Something may have been queued: starts a run unless one is under way. */
  start(): void {
    if (this.#run !== null || this.#queued() === 0) return;
    this.#error = null;
    this.#progress = { ...NOTHING, filesTotal: this.#queued() };
    const stop = new AbortController();
    const promise = this.#work(stop.signal).finally(() => {
      this.#run = null;
      this.#tell();
      // What was queued in the last moment of the run.
      if (!stop.signal.aborted && this.#error === null) this.start();
    });
    this.#run = { promise, stop };
    this.#tell();
  }

  /** Stops after the clip at hand; everything so far is kept. */
  pause(): void {
    if (this.#paused || this.#run === null) return;
    this.#paused = true;
    this.#indexer?.pause();
    this.#tell();
  }

  resume(): void {
    if (this.#paused) {
      this.#paused = false;
      this.#indexer?.resume();
    }
    this.#tell();
    this.start();
  }

  /** Stops, and forgets what was still to come; clips so far stay searchable, and the files can be retried. */
  async cancel(): Promise<void> {
    await this.stop();
    this.#dequeueAll();
    this.#progress = NOTHING;
    this.#error = null;
    this.#tell();
  }

  /** Stops for now: the queue stays, and the next start goes on. */
  async stop(): Promise<void> {
    const run = this.#run;
    run?.stop.abort();
    if (this.#paused) {
      this.#paused = false;
      this.#indexer?.resume();
    }
    await run?.promise;
  }

  async #work(signal: AbortSignal): Promise<void> {
    try {
      this.#indexer = await this.#open();
      if (this.#paused) this.#indexer.pause();
      await this.#indexer.run({
        signal,
        onProgress: (progress) => {
          this.#progress = {
            mediaId: progress.mediaId,
            name: progress.path === null ? null : basename(progress.path),
            filesDone: progress.filesDone,
            filesTotal: progress.filesTotal,
            fraction: Math.min(1, Math.max(0, progress.fraction)),
            secondsLeft: progress.secondsLeft,
          };
          if (progress.mediaId !== null) this.#listeners.onMedia(progress.mediaId);
          this.#tell();
        },
        onFile: (outcome) => {
          this.#listeners.onMedia(outcome.mediaId);
          this.#listeners.onFile(outcome);
        },
      });
    } catch (error) {
      if (!isCancelled(error)) this.#error = reportOf(error);
    }
  }

  #tell(): void {
    this.#listeners.onWork(this.work);
  }
}
