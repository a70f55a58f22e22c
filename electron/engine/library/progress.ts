/** How far indexing has come. */
export interface IndexProgress {
  /** The file that moved last; null before the first. */
  readonly mediaId: number | null;
  readonly path: string | null;
  readonly filesDone: number;
  readonly filesTotal: number;
  /** Over everything that was queued in this run, 0 to 1. */
  readonly fraction: number;
  /** From the speed of the last minute; null while too little has been seen. */
  readonly secondsLeft: number | null;
  readonly clipsPerSecond: number;
}

/** Only the last so many milliseconds tell the speed. */
const WINDOW = 60_000;
/** No estimate before this many milliseconds: the first seconds go to starting up. */
const EARLIEST = 3000;

interface FileWork {
  readonly clips: number;
  readonly done: number;
}

/**
 * Counts clips done and to come, and from the pace of the last minute says how long the rest will take. Time comes in
 * as an argument (milliseconds of any clock), so that it can be tested without waiting.
 */
export class Estimate {
  readonly #files = new Map<number, FileWork>();
  readonly #samples: { readonly at: number; readonly done: number }[] = [];
  #done = 0;
  #total = 0;
  #filesDone = 0;
  #shown = 0;

  /** A file and the clips that it is expected to give; a later call corrects the number. */
  expect(mediaId: number, clips: number): void {
    const before = this.#files.get(mediaId);
    // More files are more work, and the share that is done shrinks; a better guess alone never takes back what was shown.
    if (before === undefined) this.#shown = 0;
    const done = before?.done ?? 0;
    const now = { clips: Math.max(clips, done), done };
    this.#files.set(mediaId, now);
    this.#total += now.clips - (before?.clips ?? 0);
  }

  expects(mediaId: number): boolean {
    return this.#files.has(mediaId);
  }

  /** So many clips of the file are done; counted for the speed unless they were there before. */
  advance(mediaId: number, fraction: number, at: number): void {
    const before = this.#files.get(mediaId);
    if (before === undefined) return;
    const done = Math.max(before.done, before.clips * fraction);
    this.#files.set(mediaId, { clips: before.clips, done });
    this.#done += done - before.done;
    this.#sample(at);
  }

  /** The file is dealt with, one way or the other. */
  finish(mediaId: number, at: number): void {
    this.advance(mediaId, 1, at);
    if (this.#files.has(mediaId)) this.#filesDone += 1;
  }

  get filesDone(): number {
    return this.#filesDone;
  }

  get filesTotal(): number {
    return this.#files.size;
  }

  get fraction(): number {
    const share = this.#total === 0 ? 0 : Math.min(1, this.#done / this.#total);
    this.#shown = Math.max(this.#shown, share);
    return this.#shown;
  }

  /** Clips a second over the last minute. */
  get clipsPerSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at <= first.at) return 0;
    return (1000 * (last.done - first.done)) / (last.at - first.at);
  }

  get secondsLeft(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < EARLIEST) return null;
    const speed = this.clipsPerSecond;
    return speed === 0 ? null : (this.#total - this.#done) / speed;
  }

  /** Begins to measure; also after a pause, so that idle time does not count as slowness. */
  start(at: number): void {
    this.#samples.length = 0;
    this.#sample(at);
  }

  #sample(at: number): void {
    this.#samples.push({ at, done: this.#done });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > WINDOW) this.#samples.shift();
  }
}

/**
 * Clips that a file will give before anything is known but its size: a second of ordinary video is about a megabyte.
 */
export function expectedClips(
  media: { kind: 'video' | 'image'; bytes: number; facts: { duration: number } | null },
  secondsPerClip: number,
): number {
  if (media.kind === 'image') return 1;
  const seconds = media.facts?.duration ?? media.bytes / 1e6;
  return Math.max(1, Math.ceil(seconds / secondsPerClip));
}
