import { errorOf, isCancelled, TubeletError } from '../errors.ts';
import { indexFile, type FileOutcome, type IndexingParts } from './index-file.ts';
import { Estimate, expectedClips, type IndexProgress } from './progress.ts';
import type { MediaRow } from './types.ts';

/** How a run goes and whom it tells. */
export interface IndexRunOptions {
  /** Only these files; whatever else is queued waits. They must stand before the others in the queue. */
  readonly only?: ReadonlySet<number>;
  readonly signal?: AbortSignal;
  /** At most five a second, and once at the end. */
  readonly onProgress?: (progress: IndexProgress) => void;
  /** Once a file, when it is dealt with. */
  readonly onFile?: (outcome: FileOutcome) => void;
}

/** Images under way at once, so that one decoder reads several while others are encoded. A video has the machine alone. */
const IMAGES_AT_ONCE = 24;
/** Images that may pass a waiting video: where a telephone's folder has one after the other, few would go together. */
const MOST_OVERTAKING = 2 * IMAGES_AT_ONCE;
/** Milliseconds between two progress events. */
const PROGRESS_EVERY = 200;

/**
 * Works off the library's queue. Everything that matters is in the store: a run can be cancelled, paused or killed at any
 * moment, and the next one goes on where it stood.
 */
export class Indexer {
  readonly #parts: IndexingParts;
  #paused: PromiseWithResolvers<void> | null = null;
  #interrupt = new AbortController();
  #running = false;
  /** Images that have passed the video at the head of the queue. */
  #overtaken = 0;

  constructor(parts: IndexingParts) {
    this.#parts = parts;
  }

  get paused(): boolean {
    return this.#paused !== null;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Stops decoding and encoding; what has been encoded is kept. */
  pause(): void {
    if (this.#paused !== null) return;
    this.#paused = Promise.withResolvers();
    this.#interrupt.abort();
  }

  resume(): void {
    this.#paused?.resolve();
    this.#paused = null;
  }

  /**
   * Indexes what is queued until nothing is left, also what is queued meanwhile.
   *
   * @throws TubeletError `cancelled`, or what would stop every file: `disk-full`, `ffmpeg-missing`, `pack-…`. The files
   * concerned stay in the queue.
   */
  async run(options: IndexRunOptions = {}): Promise<void> {
    if (this.#running) throw new TubeletError('usage', 'This library is being indexed already.');
    this.#running = true;
    try {
      await this.#work(options);
    } finally {
      this.#running = false;
    }
  }

  async #work(options: IndexRunOptions): Promise<void> {
    const report = new ProgressReport(this.#parts, options);
    const underWay = new Map<number, { media: MediaRow; end: Promise<void> }>();
    let failure: unknown;
    const start = (media: MediaRow, signal: AbortSignal): void => {
      const end = indexFile(this.#parts, media, signal, (fraction, facts) => {
        report.clip({ ...media, facts }, fraction);
      })
        .then((outcome) => {
          report.file(media);
          options.onFile?.(outcome);
        })
        .catch((error: unknown) => {
          // Cancelled from inside: by a pause, or because another file failed for good.
          if (!isCancelled(error) || options.signal?.aborted === true) failure ??= error;
        })
        .finally(() => underWay.delete(media.id));
      underWay.set(media.id, { media, end });
    };
    for (;;) {
      while (this.#paused !== null && underWay.size === 0) {
        await this.#untilResumed(options.signal, report);
        options.signal?.throwIfAborted();
      }
      options.signal?.throwIfAborted();
      const signal = this.#workSignal(options.signal);
      while (failure === undefined && this.#paused === null) {
        const next = this.#next(
          [...underWay.values()].map((work) => work.media),
          options.only,
        );
        if (next === undefined) break;
        report.expectQueued();
        start(next, signal);
      }
      if (underWay.size === 0 && this.#paused === null) break;
      await Promise.race([...underWay.values()].map((work) => work.end));
      if (failure !== undefined) {
        this.#interrupt.abort();
        await Promise.all([...underWay.values()].map((work) => work.end));
        throw errorOf(failure);
      }
    }
    report.end();
  }

  /** The first queued file that may start beside those under way. */
  #next(underWay: readonly MediaRow[], only: ReadonlySet<number> | undefined): MediaRow | undefined {
    const { store } = this.#parts;
    if (underWay.some((media) => media.kind === 'video') || underWay.length >= IMAGES_AT_ONCE)
      return undefined;
    let passing = false;
    for (const id of store.queued(underWay.length + MOST_OVERTAKING)) {
      if (only !== undefined && !only.has(id)) return undefined;
      const media = store.media(id);
      if (media === undefined || underWay.some((other) => other.id === id)) continue;
      if (media.kind === 'video') {
        if (underWay.length > 0 && this.#overtaken >= MOST_OVERTAKING) return undefined;
        passing = underWay.length > 0;
        if (passing) continue;
        this.#overtaken = 0;
        return media;
      }
      // A copy of a file under way waits for it, and then takes over its clips.
      if (underWay.some((other) => other.fingerprint === media.fingerprint)) continue;
      if (passing) this.#overtaken++;
      return media;
    }
    return undefined;
  }

  #workSignal(outer: AbortSignal | undefined): AbortSignal {
    if (this.#interrupt.signal.aborted && this.#paused === null) this.#interrupt = new AbortController();
    return outer === undefined ? this.#interrupt.signal : AbortSignal.any([outer, this.#interrupt.signal]);
  }

  async #untilResumed(outer: AbortSignal | undefined, report: ProgressReport): Promise<void> {
    const stop = (): void => this.#paused?.resolve();
    outer?.addEventListener('abort', stop, { once: true });
    await this.#paused?.promise;
    outer?.removeEventListener('abort', stop);
    report.restart();
  }
}

/** Turns what happens into progress events. */
class ProgressReport {
  readonly #parts: IndexingParts;
  readonly #onProgress: ((progress: IndexProgress) => void) | undefined;
  readonly #only: ReadonlySet<number> | undefined;
  readonly #estimate = new Estimate();
  #last: MediaRow | null = null;
  #told = 0;

  constructor(parts: IndexingParts, { onProgress, only }: IndexRunOptions) {
    this.#parts = parts;
    this.#onProgress = onProgress;
    this.#only = only;
    this.restart();
  }

  restart(): void {
    this.#estimate.start(performance.now());
  }

  clip(media: MediaRow, fraction: number): void {
    this.#last = media;
    this.#estimate.expect(media.id, this.#clipsOf(media));
    this.#estimate.advance(media.id, fraction, performance.now());
    this.#tell(false);
  }

  file(media: MediaRow): void {
    this.#last = media;
    this.#estimate.finish(media.id, performance.now());
    this.#tell(false);
  }

  end(): void {
    this.#tell(true);
  }

  /** Looks at the queue for files that it has not heard of. */
  expectQueued(): void {
    const { store } = this.#parts;
    const total = this.#only?.size ?? store.queuedCount() + this.#estimate.filesDone;
    if (total === this.#estimate.filesTotal) return;
    for (const id of store.queued()) {
      if (this.#estimate.expects(id) || this.#only?.has(id) === false) continue;
      const media = store.media(id);
      if (media !== undefined) this.#estimate.expect(id, this.#clipsOf(media));
    }
  }

  #clipsOf(media: MediaRow): number {
    return expectedClips(media, this.#parts.pack.geometry.seconds);
  }

  #tell(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#told < PROGRESS_EVERY) return;
    this.#told = now;
    this.#onProgress?.({
      mediaId: this.#last?.id ?? null,
      path: this.#last?.path ?? null,
      filesDone: this.#estimate.filesDone,
      filesTotal: this.#estimate.filesTotal,
      fraction: this.#estimate.fraction,
      secondsLeft: this.#estimate.secondsLeft,
      clipsPerSecond: this.#estimate.clipsPerSecond,
    });
  }
}
