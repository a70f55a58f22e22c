import type { Neighbour } from './types.ts';

/**
 * Keeps the `count` best of a stream of scores in a binary heap whose root is the worst one kept. Equal scores are
 * decided by the smaller id, so that a search gives the same answer whatever the order of the rows.
 */
export class Nearest {
  readonly #ids: Float64Array;
  readonly #scores: Float64Array;
  #size = 0;

  constructor(count: number) {
    this.#ids = new Float64Array(count);
    this.#scores = new Float64Array(count);
  }

  /** Offers one candidate; it is kept while it is among the best. */
  offer(id: number, similarity: number): void {
    const capacity = this.#ids.length;
    if (this.#size < capacity) {
      this.#rise(this.#size++, id, similarity);
    } else if (capacity > 0 && worse(this.#scores[0] ?? 0, this.#ids[0] ?? 0, similarity, id)) {
      this.#sink(id, similarity);
    }
  }

  /** The score that a candidate must reach to be kept: -Infinity until the heap is full. */
  get threshold(): number {
    return this.#size < this.#ids.length ? -Infinity : (this.#scores[0] ?? Infinity);
  }

  /** What was kept, best first. */
  list(): Neighbour[] {
    const kept: Neighbour[] = [];
    for (let i = 0; i < this.#size; i++)
      kept.push({ id: this.#ids[i] ?? 0, similarity: this.#scores[i] ?? 0 });
    return kept.sort((a, b) => b.similarity - a.similarity || a.id - b.id);
  }

  #place(slot: number, id: number, score: number): void {
    this.#ids[slot] = id;
    this.#scores[slot] = score;
  }

  #rise(from: number, id: number, score: number): void {
    let slot = from;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      const parentScore = this.#scores[parent] ?? 0;
      const parentId = this.#ids[parent] ?? 0;
      if (!worse(score, id, parentScore, parentId)) break;
      this.#place(slot, parentId, parentScore);
      slot = parent;
    }
    this.#place(slot, id, score);
  }

  #sink(id: number, score: number): void {
    let slot = 0;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#worseAt(child + 1, child)) child++;
      const childScore = this.#scores[child] ?? 0;
      const childId = this.#ids[child] ?? 0;
      if (!worse(childScore, childId, score, id)) break;
      this.#place(slot, childId, childScore);
      slot = child;
    }
    this.#place(slot, id, score);
  }

  #worseAt(a: number, b: number): boolean {
    return worse(this.#scores[a] ?? 0, this.#ids[a] ?? 0, this.#scores[b] ?? 0, this.#ids[b] ?? 0);
  }
}

function worse(scoreA: number, idA: number, scoreB: number, idB: number): boolean {
  return scoreA < scoreB || (scoreA === scoreB && idA > idB);
}
