import type { PackFacts, VisionEncoder } from '../../../electron/engine/models/types.ts';

export const PACK: PackFacts = {
  id: 'colours',
  name: 'Mean colours',
  revision: 'r1',
  kind: 'mammut',
  capabilities: ['search'],
  geometry: {
    frames: 4,
    size: 16,
    seconds: 2,
    tubes: [{ name: 'image', input: 'image', kernel: [1, 8, 8], stride: [4, 8, 8], offset: [0, 0, 0] }],
    still: ['image'],
  },
  embedding: 4,
  tokens: 1,
  tokenWidth: 3,
  grid: null,
  similarityScale: 1,
};

/** A deterministic encoder that sees only the mean colour of a clip. Slow on request, so that a test can interrupt. */
export class ColourEncoder implements VisionEncoder {
  readonly pack: PackFacts;
  readonly #delay: number;
  readonly #tokens: number;
  encoded = 0;
  mostWaiting = 0;
  #waiting = 0;

  constructor(options: { revision?: string; delay?: number; tokens?: number } = {}) {
    this.pack = { ...PACK, revision: options.revision ?? PACK.revision };
    this.#delay = options.delay ?? 0;
    this.#tokens = options.tokens ?? 1;
  }

  async embedClip(frames: Uint8Array): Promise<{ embedding: Float32Array; tokens: Float32Array }> {
    this.#waiting += 1;
    this.mostWaiting = Math.max(this.mostWaiting, this.#waiting);
    if (this.#delay > 0) await new Promise((resolve) => setTimeout(resolve, this.#delay));
    const sums = [1, 0, 0, 0];
    for (const [index, value] of frames.entries()) sums[1 + (index % 3)]! += value;
    const mean = sums.map((sum, index) => (index === 0 ? 64 : (3 * sum) / frames.length));
    const length = Math.hypot(...mean);
    this.encoded += 1;
    this.#waiting -= 1;
    return {
      embedding: Float32Array.from(mean, (value) => value / length),
      tokens: Float32Array.from({ length: 3 * this.#tokens }, (_, index) => mean[1 + (index % 3)]!),
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
