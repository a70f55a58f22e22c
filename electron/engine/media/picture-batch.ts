import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { TubeletError } from '../errors.ts';
import type { FfmpegBinary } from './binaries.ts';
import { STALL_AFTER } from './decoding.ts';
import { fileUrl, passthrough, throwIfCancelled } from './ffmpeg.ts';
import type { FfmpegInput, FfmpegOutput } from './ffmpeg.ts';
import { decodeFrames } from './frames.ts';

/** A picture that can be read together with others. */
export interface BatchedPicture extends FfmpegInput {
  /** Pixels that its decoder gives, which is what memory is taken for. */
  readonly pixels: number;
  /** Filters from the decoded picture to one RGB frame of the reader's size. */
  readonly filters: readonly string[];
  /** The thumbnail to write beside it. */
  readonly thumbnail?: {
    /** Absolute path. */
    readonly file: string;
    readonly filters: readonly string[];
    readonly options: readonly string[];
  };
}

interface Waiting {
  readonly picture: BatchedPicture;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (frame: Uint8Array | null) => void;
  readonly reject: (error: Error) => void;
}

/** Pictures that one ffmpeg reads; starting it costs as much as reading six small ones. */
const MOST_PICTURES = 8;
/** Decoded pixels that one ffmpeg may hold; a picture above it is read alone. */
const MOST_PIXELS = 32e6;
/** The encoder has the other half of the cores: with two runs on two cores, 300 small pictures took a quarter longer. */
const RUNS_AT_ONCE = Math.max(1, Math.min(3, Math.floor(availableParallelism() / 2)));

/**
 * Reads pictures, several by one ffmpeg: whatever is asked for while the runs under way last goes into the next one. All
 * frames come out of one pipe in the order of the pictures; where anything at all goes wrong, none of a run is believed,
 * because nothing says which picture it was.
 */
export class PictureReader {
  readonly #ffmpeg: FfmpegBinary;
  readonly #frameBytes: number;
  readonly #waiting: Waiting[] = [];
  #runs = 0;
  #filling = false;

  /** @param size pixels of each side of the frames */
  constructor(ffmpeg: FfmpegBinary, size: number) {
    this.#ffmpeg = ffmpeg;
    this.#frameBytes = size * size * 3;
  }

  /**
   * The picture as one RGB frame; null where it has to be read alone, to give its frame or its error.
   * @throws TubeletError `cancelled`
   */
  read(picture: BatchedPicture, signal?: AbortSignal): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ picture, signal, resolve, reject });
      void this.#fill();
    });
  }

  async #fill(): Promise<void> {
    if (this.#filling) return;
    this.#filling = true;
    // Those that were asked for together go together.
    await setImmediate();
    this.#filling = false;
    while (this.#runs < RUNS_AT_ONCE && this.#waiting.length > 0) void this.#run(this.#take());
  }

  #take(): Waiting[] {
    let pixels = 0;
    const end = this.#waiting.findIndex(({ picture }, number) => {
      pixels += picture.pixels;
      return number > 0 && pixels > MOST_PIXELS;
    });
    return this.#waiting.splice(0, Math.min(MOST_PICTURES, end === -1 ? MOST_PICTURES : end));
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    this.#runs++;
    try {
      const frames = await this.#frames(batch);
      batch.forEach(({ resolve }, number) => {
        resolve(frames?.[number] ?? null);
      });
    } catch {
      // One of them was given up, or ffmpeg got stuck: the others go on alone.
      for (const { picture, signal, resolve, reject } of batch)
        if (signal?.aborted === true)
          reject(new TubeletError('cancelled', 'Cancelled.', { path: picture.path }));
        else resolve(null);
    } finally {
      this.#runs--;
      void this.#fill();
    }
  }

  /** The frames of a run in which nothing went wrong; null otherwise. */
  async #frames(batch: readonly Waiting[]): Promise<Uint8Array[] | null> {
    const signals = batch.flatMap(({ signal }) => signal ?? []);
    const limits = { signal: AbortSignal.any(signals), stallAfter: STALL_AFTER };
    throwIfCancelled(limits.signal, batch[0]?.picture.path ?? '');
    const pictures = batch.map(({ picture }) => picture);
    const job = { inputs: pictures, outputs: outputsOf(pictures, this.#ffmpeg) };
    const decoder = decodeFrames(this.#ffmpeg, job, this.#frameBytes, limits);
    const frames: Uint8Array[] = [];
    try {
      let step = await decoder.next();
      for (; step.done !== true; step = await decoder.next()) frames.push(step.value.frame);
      const { failure, errors } = step.value;
      return failure === null && errors.length === 0 && frames.length === batch.length ? frames : null;
    } finally {
      await decoder.return({ failure: null, errors: [] });
    }
  }
}

/** Each picture has filters of its own, and each would start threads of its own: a fifth of the whole work. */
const ONE_THREAD = ['-filter_threads', '1', '-filter_complex_threads', '1'];

/** One pipe with a frame of each picture, and the thumbnails beside it. */
function outputsOf(pictures: readonly BatchedPicture[], ffmpeg: FfmpegBinary): FfmpegOutput[] {
  const frames = pictures.map(
    ({ filters }, number) => `[${number}:0]${[...filters, 'setsar=1'].join(',')}[f${number}]`,
  );
  const labels = pictures.map((_, number) => `[f${number}]`).join('');
  const graph = [...frames, `${labels}concat=n=${pictures.length}[frames]`].join(';');
  const raw: FfmpegOutput = {
    target: 'stdout',
    options: [
      ...ONE_THREAD,
      '-filter_complex',
      graph,
      '-map',
      '[frames]',
      ...passthrough(ffmpeg),
      '-f',
      'rawvideo',
    ],
  };
  const thumbnails = pictures.flatMap(({ thumbnail }, number): FfmpegOutput[] => {
    if (thumbnail === undefined) return [];
    const { file, filters, options } = thumbnail;
    const chain = ['-map', `${number}:0`, '-vf', filters.join(','), ...passthrough(ffmpeg)];
    return [{ target: { file: fileUrl(file) }, options: [...chain, ...options] }];
  });
  return [raw, ...thumbnails];
}

const readers = new Map<string, PictureReader>();

/** The reader that everybody shares who wants frames of this size by this program. */
export function pictureReader(ffmpeg: FfmpegBinary, size: number): PictureReader {
  const key = `${size} ${ffmpeg.path}`;
  let reader = readers.get(key);
  if (reader === undefined) readers.set(key, (reader = new PictureReader(ffmpeg, size)));
  return reader;
}
