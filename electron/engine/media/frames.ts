import type { PassThrough } from 'node:stream';
import { TubeletError } from '../errors.ts';
import type { FfmpegBinary } from './binaries.ts';
import { runFfmpeg, throwIfCancelled } from './ffmpeg.ts';
import type { FfmpegExit, FfmpegJob } from './ffmpeg.ts';

/** One decoded frame and its time in units of the filter chain's time base, as `showinfo` reported it. */
export interface TimedFrame {
  readonly pts: number;
  readonly frame: Uint8Array;
}

/** What `decodeFrames` watches over while it reads. */
export interface FrameLimits {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds without a single byte from ffmpeg after which it counts as stuck. */
  readonly stallAfter: number;
}

/**
 * Runs an ffmpeg job whose standard output is raw video and whose filter chain ends in `showinfo`, and yields its
 * frames with their times. Returns how ffmpeg ended. Whoever stops early stops ffmpeg.
 * @throws TubeletError `cancelled`, or `too-slow` where ffmpeg gets stuck
 */
export async function* decodeFrames(
  binary: FfmpegBinary,
  job: FfmpegJob,
  frameBytes: number,
  limits: FrameLimits,
): AsyncGenerator<TimedFrame, FfmpegExit> {
  const path = job.inputs[0]?.path ?? '';
  throwIfCancelled(limits.signal, path);
  const times: number[] = [];
  const run = runFfmpeg(binary, job, (line) => {
    const pts = /showinfo.* pts: *(-?\d+)/.exec(line)?.[1];
    if (pts !== undefined) times.push(Number(pts));
  });
  const reader = new ByteReader(run.stdout, path, limits);
  try {
    for (let last = -1; ;) {
      const frame = await reader.take(frameBytes);
      if (frame === null) break;
      // The report is written before its frame, but to another pipe: it may still be under way.
      while (times.length === 0 && !(await reader.pause(run.exit)));
      last = times.shift() ?? last + 1;
      yield { pts: last, frame };
    }
    return await run.exit;
  } finally {
    await run.kill();
  }
}

/** Cuts a stream of bytes into pieces of a wanted size. */
class ByteReader {
  readonly #stream: PassThrough;
  readonly #path: string;
  readonly #limits: FrameLimits;
  #ended = false;
  #waiting: Buffer = Buffer.alloc(0);

  constructor(stream: PassThrough, path: string, limits: FrameLimits) {
    this.#stream = stream;
    this.#path = path;
    this.#limits = limits;
    stream.once('end', () => {
      this.#ended = true;
    });
  }

  /** The next `size` bytes in a buffer of their own; null where the stream ends before (a torn piece is dropped). */
  async take(size: number): Promise<Uint8Array | null> {
    const piece = new Uint8Array(size);
    let filled = 0;
    for (;;) {
      if (this.#waiting.length === 0) {
        const chunk: unknown = this.#stream.read();
        if (chunk instanceof Buffer) this.#waiting = chunk;
        else if (this.#ended) return null;
        else await this.#readable();
        throwIfCancelled(this.#limits.signal, this.#path);
        continue;
      }
      const part = this.#waiting.subarray(0, size - filled);
      piece.set(part, filled);
      filled += part.length;
      this.#waiting = this.#waiting.subarray(part.length);
      if (filled === size) return piece;
    }
  }

  /** Lets other input arrive; true once the process is gone and nothing more can come. */
  async pause(exit: Promise<unknown>): Promise<boolean> {
    return Promise.race([
      exit.then(() => true),
      new Promise<boolean>((resume) => {
        setTimeout(resume, 1, false);
      }),
    ]);
  }

  /** Waits for bytes or the end, at most until the signal or the stall limit. */
  #readable(): Promise<void> {
    return new Promise((settle, fail) => {
      const { signal, stallAfter } = this.#limits;
      const leave = (): void => {
        clearTimeout(timer);
        this.#stream.off('readable', done);
        this.#stream.off('end', done);
        signal?.removeEventListener('abort', done);
      };
      const done = (): void => {
        leave();
        settle();
      };
      const timer = setTimeout(() => {
        leave();
        fail(stuck(this.#path, stallAfter));
      }, stallAfter);
      this.#stream.on('readable', done);
      this.#stream.on('end', done);
      signal?.addEventListener('abort', done);
    });
  }
}

function stuck(path: string, milliseconds: number): TubeletError {
  return new TubeletError('too-slow', `No frame was decoded for ${milliseconds / 1000} seconds.`, {
    path,
    hint: 'Retry; if it happens again, convert the file to H.264 first.',
  });
}
