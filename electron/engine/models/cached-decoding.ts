/** The decoder's second pass, step by step, with the keys and values of earlier steps kept. */
import type { Decoding } from './generate.ts';
import { cacheNames } from './graphs.ts';
import type { MammutManifest } from './manifest.ts';
import { floats, idTensor, Tensor } from './session.ts';
import type { GraphSession } from './session.ts';

/** Decodes several clips at once from one prompt. */
export class CachedDecoding implements Decoding {
  readonly #session: GraphSession;
  readonly #dims: MammutManifest['dims'];
  readonly #prompt: readonly number[];
  readonly #clips: readonly Float32Array[];
  /** The clip that each row of the last step belongs to. */
  #clipOfRow: readonly number[];
  #vision: Tensor;
  /** Present keys and values of the last step, in the order of {@link cacheNames}. */
  #cache: readonly Tensor[] = [];

  /** @param clips vision tokens, tokens x tokenWidth floats each. */
  constructor(
    session: GraphSession,
    dims: MammutManifest['dims'],
    prompt: readonly number[],
    clips: readonly Float32Array[],
  ) {
    this.#session = session;
    this.#dims = dims;
    this.#prompt = prompt;
    this.#clips = clips;
    this.#clipOfRow = clips.map((_, index) => index);
    this.#vision = this.#visionTensor();
  }

  async start(): Promise<Float32Array> {
    const { heads, headWidth, layers, vocabulary } = this.#dims;
    const rows = this.#clips.length;
    const empty = new Tensor('float32', new Float32Array(), [rows, heads, 0, headWidth]);
    const past = Array.from({ length: 2 * layers }, () => empty);
    const logits = await this.#run(
      this.#clips.map(() => this.#prompt),
      past,
    );
    const length = this.#prompt.length;
    const last = new Float32Array(rows * vocabulary);
    for (let row = 0; row < rows; row++) {
      const end = (row + 1) * length * vocabulary;
      last.set(logits.subarray(end - vocabulary, end), row * vocabulary);
    }
    return last;
  }

  async step(parents: readonly number[], ids: readonly number[]): Promise<Float32Array> {
    const unmoved =
      parents.length === this.#clipOfRow.length && parents.every((parent, row) => parent === row);
    if (!unmoved) {
      this.#clipOfRow = parents.map((parent) => this.#clipOfRow[parent] ?? 0);
      this.#vision = this.#visionTensor();
    }
    const past = unmoved ? this.#cache : this.#cache.map((tensor) => reorder(tensor, parents));
    return this.#run(
      ids.map((id) => [id]),
      past,
    );
  }

  async #run(ids: readonly (readonly number[])[], past: readonly Tensor[]): Promise<Float32Array> {
    const { layers } = this.#dims;
    const feeds: Record<string, Tensor> = { input_ids: idTensor(ids), tokens: this.#vision };
    cacheNames('past', layers).forEach((name, index) => {
      const tensor = past[index];
      if (tensor !== undefined) feeds[name] = tensor;
    });
    const outputs = await this.#session.run(feeds);
    this.#cache = cacheNames('present', layers).flatMap((name) => outputs[name] ?? []);
    return floats(outputs, 'logits');
  }

  #visionTensor(): Tensor {
    const { tokens, tokenWidth } = this.#dims;
    return visionTokens(
      this.#clipOfRow.map((clip) => this.#clips[clip] ?? new Float32Array()),
      tokens,
      tokenWidth,
    );
  }
}

/** The vision tokens of several rows as one tensor: rows x tokens x width. */
export function visionTokens(rows: readonly Float32Array[], tokens: number, width: number): Tensor {
  const size = tokens * width;
  const values = new Float32Array(rows.length * size);
  rows.forEach((row, index) => {
    values.set(row, index * size);
  });
  return new Tensor('float32', values, [rows.length, tokens, width]);
}

/** Rows of a cache in a new order; a row may be taken more than once or not at all. */
function reorder(tensor: Tensor, parents: readonly number[]): Tensor {
  const [, ...shape] = tensor.dims;
  const size = shape.reduce((product, length) => product * length, 1);
  const from = tensor.data as Float32Array;
  const to = new Float32Array(parents.length * size);
  parents.forEach((parent, row) => {
    to.set(from.subarray(parent * size, (parent + 1) * size), row * size);
  });
  return new Tensor('float32', to, [parents.length, ...shape]);
}
