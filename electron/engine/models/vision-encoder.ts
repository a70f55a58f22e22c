/** The vision encoder of a pack in a thread of its own, behind a bounded queue. */
import { TubeletError } from '../errors.ts';
import type { ModelPack } from './pack.ts';
import type { SessionOptions } from './session.ts';
import { Thread, workerUrl } from './thread.ts';
import type { EncodedClip, PackFacts, VisionEncoder } from './types.ts';
import type { VisionClip } from './vision-runner.ts';
import type { VisionOffers, VisionStart } from './vision.worker.ts';

/** How the encoder runs. */
export interface VisionEncoderOptions extends SessionOptions {
  /** Most stills that go through the graph together. */
  readonly stillBatch?: number;
  /** Most clips that may wait; one more is an error of the caller, who should await the results. */
  readonly queue?: number;
}

/** More gains nothing on a processor (measured); a graphics card likes company. */
const STILL_BATCH = 4;
const QUEUE = 32;
/** Batches at the worker: one that runs, and one that is there when it is done. */
const IN_FLIGHT = 2;

interface Waiting extends VisionClip {
  readonly resolve: (clip: EncodedClip) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Starts the vision encoder of a pack.
 *
 * @throws TubeletError `pack-invalid` where a graph does not fit the pack.
 */
export async function openVisionEncoder(
  pack: ModelPack,
  options: VisionEncoderOptions = {},
): Promise<VisionEncoder> {
  const encoder = new QueuedEncoder(pack, options);
  await encoder.start();
  return encoder;
}

/**
 * How many clips from the head of the queue go through the graph together: stills in a row up to `stillBatch`, a clip
 * alone (its tubes fill the processor already).
 */
export function batchSize(frameCounts: readonly number[], stillBatch: number): number {
  if (frameCounts[0] !== 1) return Math.min(1, frameCounts.length);
  const other = frameCounts.findIndex((count) => count !== 1);
  return Math.min(stillBatch, other === -1 ? frameCounts.length : other);
}

/** The clip's buffer where it holds nothing else; a view into a larger buffer is copied instead. */
function movable({ frames }: VisionClip): ArrayBuffer[] {
  const { buffer } = frames;
  return buffer instanceof ArrayBuffer && buffer.byteLength === frames.byteLength ? [buffer] : [];
}

class QueuedEncoder implements VisionEncoder {
  readonly pack: PackFacts;
  readonly #thread: Thread<VisionOffers>;
  readonly #waiting: Waiting[] = [];
  readonly #stillBatch: number;
  readonly #capacity: number;
  #inFlight = 0;

  constructor(
    pack: ModelPack,
    { stillBatch = STILL_BATCH, queue = QUEUE, ...session }: VisionEncoderOptions,
  ) {
    this.pack = pack.facts;
    this.#stillBatch = stillBatch;
    this.#capacity = queue;
    const start: VisionStart = { pack, session };
    this.#thread = new Thread(workerUrl('vision', import.meta.url), 'vision encoder', start);
  }

  start(): Promise<void> {
    return this.#thread.start();
  }

  embedClip(frames: Uint8Array, frameCount: number): Promise<EncodedClip> {
    const { size } = this.pack.geometry;
    const bytes = frameCount * size * size * 3;
    if (frames.length !== bytes || frameCount < 1) {
      const message = `A clip of ${frameCount} frames needs ${bytes} bytes, but ${frames.length} were given.`;
      return Promise.reject(new TubeletError('internal', message));
    }
    if (this.#waiting.length >= this.#capacity) {
      const message = `More than ${this.#capacity} clips wait for the vision encoder.`;
      return Promise.reject(
        new TubeletError('internal', message, { hint: 'Await results before giving more.' }),
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ frames, frameCount, resolve, reject });
      this.#pump();
    });
  }

  async close(): Promise<void> {
    for (const clip of this.#waiting.splice(0)) {
      clip.reject(new TubeletError('cancelled', 'The vision encoder was closed.'));
    }
    await this.#thread.close();
  }

  #pump(): void {
    while (this.#inFlight < IN_FLIGHT && this.#waiting.length > 0) {
      const size = batchSize(
        this.#waiting.map((clip) => clip.frameCount),
        this.#stillBatch,
      );
      void this.#send(this.#waiting.splice(0, size));
    }
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    this.#inFlight++;
    try {
      const clips = batch.map(({ frames, frameCount }) => ({ frames, frameCount }));
      const encoded = await this.#thread.call('encode', [clips], clips.flatMap(movable));
      batch.forEach((clip, index) => {
        const result = encoded[index];
        if (result === undefined)
          clip.reject(new TubeletError('internal', 'The vision encoder lost a clip.'));
        else clip.resolve(result);
      });
    } catch (error) {
      for (const clip of batch) clip.reject(error);
    } finally {
      this.#inFlight--;
      this.#pump();
    }
  }
}
