import { TubeletError } from '../errors.ts';
import { dotAt } from './dot.ts';
import { Nearest } from './nearest.ts';
import type { Neighbour, VectorIndex } from './types.ts';

/** Rows in one block: growing adds a block, so that nothing is ever copied. 4,096 x 256 floats are 4 MiB. */
const BLOCK_ROWS = 4096;

/**
 * Every vector in memory, row by row, and a scan over all of them: exact, ready at once, and the reference that the
 * approximate index is checked against. Removing moves the last row into the gap.
 */
export class ExactIndex implements VectorIndex {
  readonly dimension: number;
  readonly #blocks: Float32Array[] = [];
  readonly #ids: number[] = [];
  readonly #slots = new Map<number, number>();
  readonly #sum: Float64Array;

  constructor(dimension: number) {
    this.dimension = dimension;
    this.#sum = new Float64Array(dimension);
  }

  get size(): number {
    return this.#ids.length;
  }

  /** Adds a vector, or replaces the one that the id had. Throws `internal` where the dimension differs. */
  add(id: number, vector: Float32Array): void {
    if (vector.length !== this.dimension) {
      throw new TubeletError(
        'internal',
        `A vector of ${vector.length} floats cannot join an index of ${this.dimension}.`,
      );
    }
    this.remove(id);
    const slot = this.#ids.length;
    if (slot % BLOCK_ROWS === 0 && this.#blocks.length * BLOCK_ROWS === slot) {
      this.#blocks.push(new Float32Array(BLOCK_ROWS * this.dimension));
    }
    this.#ids.push(id);
    this.#slots.set(id, slot);
    this.#row(slot).set(vector);
    this.#tally(vector, 1);
  }

  remove(id: number): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    const row = this.#row(slot);
    this.#tally(row, -1);
    const lastSlot = this.#ids.length - 1;
    const lastId = this.#ids[lastSlot];
    if (lastId !== undefined && slot !== lastSlot) {
      row.set(this.#row(lastSlot));
      this.#ids[slot] = lastId;
      this.#slots.set(lastId, slot);
    }
    this.#ids.pop();
    this.#slots.delete(id);
    if (this.#blocks.length * BLOCK_ROWS - this.#ids.length >= 2 * BLOCK_ROWS) this.#blocks.pop();
  }

  has(id: number): boolean {
    return this.#slots.has(id);
  }

  /** The ids, in no particular order. */
  ids(): readonly number[] {
    return this.#ids;
  }

  /** A view of the vector of an id, valid until the next change of the index; undefined where it is not there. */
  vector(id: number): Float32Array | undefined {
    const slot = this.#slots.get(id);
    return slot === undefined ? undefined : this.#row(slot);
  }

  /** Dot product of the query with the vector of an id; undefined where it is not there. */
  similarity(query: Float32Array, id: number): number | undefined {
    const slot = this.#slots.get(id);
    if (slot === undefined) return undefined;
    return dotAt(query, this.#block(slot), (slot % BLOCK_ROWS) * this.dimension);
  }

  /** Mean of all vectors (not of unit length): what the library looks like on the whole. Zeros while empty. */
  mean(): Float32Array {
    const count = Math.max(1, this.size);
    return Float32Array.from(this.#sum, (value) => value / count);
  }

  search(query: Float32Array, count: number, accept?: (id: number) => boolean): Neighbour[] {
    const nearest = new Nearest(Math.min(count, this.size));
    const { dimension } = this;
    for (const [blockIndex, block] of this.#blocks.entries()) {
      const first = blockIndex * BLOCK_ROWS;
      const rows = Math.min(BLOCK_ROWS, this.size - first);
      for (let row = 0; row < rows; row++) {
        const id = this.#ids[first + row] ?? 0;
        if (accept !== undefined && !accept(id)) continue;
        const similarity = dotAt(query, block, row * dimension);
        if (similarity >= nearest.threshold) nearest.offer(id, similarity);
      }
    }
    return nearest.list();
  }

  #block(slot: number): Float32Array {
    const block = this.#blocks[Math.floor(slot / BLOCK_ROWS)];
    if (block === undefined) throw new TubeletError('internal', `The index has no row ${slot}.`);
    return block;
  }

  #row(slot: number): Float32Array {
    const begin = (slot % BLOCK_ROWS) * this.dimension;
    return this.#block(slot).subarray(begin, begin + this.dimension);
  }

  #tally(vector: Float32Array, sign: 1 | -1): void {
    for (let i = 0; i < vector.length; i++) this.#sum[i] = (this.#sum[i] ?? 0) + sign * (vector[i] ?? 0);
  }
}
