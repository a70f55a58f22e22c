import hnswlib from 'hnswlib-node';
import { TubeletError } from '../errors.ts';
import type { Neighbour, VectorIndex } from './types.ts';

/** Links a node (the paper's M) and the breadth of the search while linking: Malkov and Yashunin 2016, section 4. */
const LINKS = 16;
const BUILD_BREADTH = 200;
/** Breadth of a search: never below this, and twice the number of neighbours asked for. */
const LEAST_BREADTH = 64;
const FIRST_CAPACITY = 1024;
const SEED = 100;

/**
 * Hierarchical navigable small world graph (Malkov and Yashunin 2016, arXiv 1603.09320) by hnswlib: approximate,
 * a fraction of a millisecond a query. The distance is 1 - dot product, so vectors must have unit length.
 * Adding one vector takes about a millisecond on the calling thread: whoever adds many lets others run in between.
 */
export class HnswIndex implements VectorIndex {
  readonly dimension: number;
  readonly #graph: hnswlib.HierarchicalNSW;
  readonly #live = new Set<number>();
  readonly #dead = new Set<number>();

  private constructor(dimension: number, graph: hnswlib.HierarchicalNSW) {
    this.dimension = dimension;
    this.#graph = graph;
  }

  /** A graph with nothing in it. `capacity` is a first guess; it grows by itself. */
  static empty(dimension: number, capacity: number = FIRST_CAPACITY): HnswIndex {
    const graph = new hnswlib.HierarchicalNSW('ip', dimension);
    graph.initIndex({
      maxElements: Math.max(1, capacity),
      m: LINKS,
      efConstruction: BUILD_BREADTH,
      randomSeed: SEED,
    });
    return new HnswIndex(dimension, graph);
  }

  /**
   * Reads a graph that `write` wrote; the file is read off the calling thread. The file itself tells neither dimension
   * nor metric: the caller vouches for both. Throws `library-damaged` where hnswlib cannot read it.
   */
  static async read(path: string, dimension: number): Promise<HnswIndex> {
    const graph = new hnswlib.HierarchicalNSW('ip', dimension);
    try {
      await graph.readIndex(path);
    } catch (cause) {
      throw new TubeletError('library-damaged', 'The vector index file cannot be read.', { path, cause });
    }
    const index = new HnswIndex(dimension, graph);
    for (const id of graph.getIdsList()) index.#live.add(id);
    return index;
  }

  /** Writes the graph to `path`, in place and off the calling thread. The caller makes it atomic. */
  async write(path: string): Promise<void> {
    await this.#graph.writeIndex(path);
  }

  get size(): number {
    return this.#live.size;
  }

  /** Nodes of deleted vectors: they still guide searches and take room until the graph is built anew. */
  get deadNodes(): number {
    return this.#dead.size;
  }

  has(id: number): boolean {
    return this.#live.has(id);
  }

  ids(): IterableIterator<number> {
    return this.#live.values();
  }

  /** The vector that the graph holds for an id, as hnswlib stored it. */
  vector(id: number): Float32Array {
    return Float32Array.from(this.#graph.getPoint(id));
  }

  /**
   * Adds a vector of unit length. A known id, also a removed one, gets its node back at its new place; the nodes of
   * other removed ids are not recycled, because hnswlib then loses track of an id that is removed and comes back.
   */
  add(id: number, vector: Float32Array): void {
    const known = this.#live.has(id) || this.#dead.delete(id);
    if (!known && this.#graph.getCurrentCount() >= this.#graph.getMaxElements()) {
      this.#graph.resizeIndex(Math.ceil(this.#graph.getMaxElements() * 1.5) + FIRST_CAPACITY);
    }
    this.#graph.addPoint(Array.from(vector), id);
    this.#live.add(id);
  }

  remove(id: number): void {
    if (!this.#live.delete(id)) return;
    this.#graph.markDelete(id);
    this.#dead.add(id);
  }

  search(query: Float32Array, count: number, accept?: (id: number) => boolean): Neighbour[] {
    const wanted = Math.min(count, this.#live.size);
    if (wanted === 0) return [];
    this.#graph.setEf(Math.max(LEAST_BREADTH, 2 * wanted));
    const found = this.#graph.searchKnn(Array.from(query), wanted, accept);
    return found.neighbors.map((id, rank) => ({ id, similarity: 1 - (found.distances[rank] ?? 1) }));
  }
}
