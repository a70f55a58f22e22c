import { setImmediate as nextTurn } from 'node:timers/promises';
import { isCancelled, reportOf, type ErrorReport } from '../errors.ts';
import { readCache, writeCache } from './cache.ts';
import { CROSSOVER } from './crossover.ts';
import { ExactIndex } from './exact.ts';
import { HnswIndex } from './hnsw.ts';
import type { Neighbour } from './types.ts';

/** Longest stretch of work, in milliseconds, before other work of the thread gets its turn. */
const SLICE = 8;
/** Share of vectors that may change before the graph's file is written again, or dead before it is built anew. */
const CHANGE_BEFORE_WRITING = 0.1;
const DEAD_BEFORE_REBUILDING = 0.2;
/** Vectors compared between a cached graph and the truth before the graph is believed. */
const SPOT_CHECKS = 64;

/** Where the embeddings come from: the part of the library's store that the indexes need. */
export interface EmbeddingSource {
  /** Ids ascending. Rows may be added and removed while it is read: what is gone by then may still come. */
  embeddings(
    packRevision: string,
    afterId?: number,
  ): IterableIterator<{ id: number; mediaId: number; embedding: Float32Array }>;
  clipCount(packRevision: string): number;
  clipGeneration(): number;
}

export interface VectorsOptions {
  readonly source: EmbeddingSource;
  readonly packRevision: string;
  readonly dimension: number;
  /** Folder of the cache. */
  readonly directory: string;
  /** Vectors from which the graph answers; the measured one unless told. */
  readonly crossover?: number;
}

/** Who answers: the exact scan, the exact scan while the graph is being made, or the graph. */
export type AnsweredBy = 'exact' | 'exact-while-building' | 'graph';

/** Opens the vectors of a library under one pack revision. Nothing is read before the first `refresh`. */
export function openVectors(options: VectorsOptions): LiveVectors {
  return new LiveVectors(options);
}

/**
 * All embeddings of a library under one pack revision, kept in step with the store: exact in memory, with a graph
 * above the crossover that is read from its cache or built in the background, a slice at a time.
 */
export class LiveVectors {
  readonly dimension: number;
  readonly #options: VectorsOptions;
  readonly #crossover: number;
  readonly #exact: ExactIndex;
  readonly #media = new Map<number, number>();
  readonly #stop = new AbortController();
  #generation = -1;
  #highestId = 0;
  #refreshing: Promise<void> | null = null;

  #graph: HnswIndex | null = null;
  /** Ids that the graph does not hold yet; searches scan them exactly. */
  readonly #tail = new Set<number>();
  #growing: Promise<void> | null = null;
  /** The graph's file on its way to the disk, from another thread: nothing may be marked deleted meanwhile. */
  #writing: Promise<void> | null = null;
  #unwritten = 0;
  #problem: ErrorReport | null = null;

  constructor(options: VectorsOptions) {
    this.#options = options;
    this.dimension = options.dimension;
    this.#crossover = options.crossover ?? CROSSOVER;
    this.#exact = new ExactIndex(options.dimension);
  }

  get packRevision(): string {
    return this.#options.packRevision;
  }

  get size(): number {
    return this.#exact.size;
  }

  get answeredBy(): AnsweredBy {
    if (this.#graph !== null && this.#tail.size < this.#crossover) return 'graph';
    return this.#growing === null ? 'exact' : 'exact-while-building';
  }

  /** Why the cache could not be written, where it could not; searches are not affected. */
  get problem(): ErrorReport | null {
    return this.#problem;
  }

  /** Brings the vectors in step with the store: appends new clips, drops removed ones. Cheap when nothing changed. */
  async refresh(): Promise<void> {
    if (this.#stop.signal.aborted || this.#options.source.clipGeneration() === this.#generation) return;
    this.#refreshing ??= this.#catchUp().finally(() => (this.#refreshing = null));
    await this.#refreshing;
  }

  /** Resolves when no graph is being built or written: for tests, benchmarks and an orderly end. */
  async settled(): Promise<void> {
    while (this.#growing !== null) await this.#growing;
  }

  /** The `count` nearest of the vectors that `accept` admits, best first, with exact similarities. */
  search(query: Float32Array, count: number, accept?: (id: number) => boolean): Neighbour[] {
    const graph = this.#graph;
    if (graph === null || this.answeredBy !== 'graph') return this.#exact.search(query, count, accept);
    const ids = new Set(graph.search(query, count, accept).map(({ id }) => id));
    // A narrow filter can starve the graph's walk: then the scan over what the filter admits is the better search.
    if (accept !== undefined && ids.size < Math.min(count, graph.size)) {
      return this.#exact.search(query, count, accept);
    }
    for (const id of this.#tail) if (accept === undefined || accept(id)) ids.add(id);
    const found: Neighbour[] = [];
    for (const id of ids) {
      const similarity = this.#exact.similarity(query, id);
      if (similarity !== undefined) found.push({ id, similarity });
    }
    return found.sort((a, b) => b.similarity - a.similarity || a.id - b.id).slice(0, count);
  }

  /** The exact scan, whatever the size: the reference for the recall of the graph. */
  searchExactly(query: Float32Array, count: number, accept?: (id: number) => boolean): Neighbour[] {
    return this.#exact.search(query, count, accept);
  }

  /** Dot product of a query with one clip's embedding; undefined where the clip is unknown. */
  similarity(query: Float32Array, id: number): number | undefined {
    return this.#exact.similarity(query, id);
  }

  /** A clip's embedding: a view, valid until the next `refresh`. */
  vector(id: number): Float32Array | undefined {
    return this.#exact.vector(id);
  }

  /** The file that a clip belongs to. */
  mediaOf(id: number): number | undefined {
    return this.#media.get(id);
  }

  /** Mean of all embeddings. */
  mean(): Float32Array {
    return this.#exact.mean();
  }

  /** At most `count` ids, evenly taken from all: a sample of the library that stays the same while it does. */
  sample(count: number): number[] {
    const ids = this.#exact.ids();
    if (ids.length <= count) return [...ids];
    return Array.from({ length: count }, (_, i) => ids[Math.floor((i * ids.length) / count)] ?? 0);
  }

  /** Stops background work and waits for it. The vectors must not be used afterwards. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#refreshing;
    await this.#growing;
  }

  async #catchUp(): Promise<void> {
    const { source, packRevision } = this.#options;
    const generation = source.clipGeneration();
    await this.#readAfter(this.#highestId, (row) => {
      this.#insert(row);
    });
    if (source.clipCount(packRevision) !== this.#exact.size) await this.#sweep();
    this.#generation = generation;
    if (this.#exact.size >= this.#crossover || this.#graph !== null) this.#startGrowing();
  }

  /** Compares every id with the store's: for clips that were removed. */
  async #sweep(): Promise<void> {
    const seen = new Set<number>();
    await this.#readAfter(0, (row) => {
      seen.add(row.id);
      if (this.#media.get(row.id) !== row.mediaId) this.#insert(row);
    });
    await this.#writing?.catch(() => undefined);
    for (const id of [...this.#exact.ids()]) {
      if (seen.has(id)) continue;
      this.#exact.remove(id);
      this.#media.delete(id);
      this.#tail.delete(id);
      this.#graph?.remove(id);
    }
  }

  #insert(row: { id: number; mediaId: number; embedding: Float32Array }): void {
    this.#exact.add(row.id, row.embedding);
    this.#media.set(row.id, row.mediaId);
    this.#highestId = Math.max(this.#highestId, row.id);
    this.#tail.add(row.id);
  }

  /** Reads rows in slices, so that others get their turn in between; the store holds no cursor open meanwhile. */
  async #readAfter(
    afterId: number,
    take: (row: { id: number; mediaId: number; embedding: Float32Array }) => void,
  ): Promise<void> {
    const { source, packRevision } = this.#options;
    let until = performance.now() + SLICE;
    for (const row of source.embeddings(packRevision, afterId)) {
      take(row);
      if (performance.now() < until) continue;
      await nextTurn();
      if (this.#stop.signal.aborted) return;
      until = performance.now() + SLICE;
    }
  }

  #startGrowing(): void {
    if (this.#growing !== null || this.#tail.size === 0) return;
    this.#growing = this.#grow().finally(() => (this.#growing = null));
  }

  async #grow(): Promise<void> {
    const { packRevision, directory } = this.#options;
    const { signal } = this.#stop;
    try {
      const graph = (this.#graph ??=
        (await this.#fromCache()) ?? HnswIndex.empty(this.dimension, this.#exact.size));
      while (this.#tail.size > 0 && !signal.aborted) {
        this.#growOneSlice(graph);
        await nextTurn();
      }
      if (signal.aborted) return;
      if (graph.deadNodes > DEAD_BEFORE_REBUILDING * graph.size) {
        this.#graph = HnswIndex.empty(this.dimension, this.#exact.size);
        for (const id of this.#exact.ids()) this.#tail.add(id);
        await this.#grow();
      } else if (graph.deadNodes === 0 && this.#unwritten > CHANGE_BEFORE_WRITING * graph.size) {
        this.#unwritten = 0;
        this.#writing = writeCache(directory, packRevision, graph).finally(() => (this.#writing = null));
        await this.#writing;
        this.#problem = null;
      }
    } catch (error) {
      if (!isCancelled(error)) this.#problem = reportOf(error, directory);
    }
  }

  #growOneSlice(graph: HnswIndex): void {
    const until = performance.now() + SLICE;
    for (const id of this.#tail) {
      const vector = this.#exact.vector(id);
      if (vector !== undefined) {
        graph.add(id, vector);
        this.#unwritten++;
      }
      this.#tail.delete(id);
      if (performance.now() >= until) return;
    }
  }

  /** The cached graph, brought in step with the vectors; null where there is none that can be believed. */
  async #fromCache(): Promise<HnswIndex | null> {
    const { directory, packRevision } = this.#options;
    const { graph } = await readCache(directory, packRevision, this.dimension, this.#stop.signal);
    if (graph === null || !this.#agrees(graph)) return null;
    for (const id of [...graph.ids()]) {
      if (this.#exact.has(id)) this.#tail.delete(id);
      else graph.remove(id);
    }
    return graph;
  }

  /** Compares some of the graph's vectors with the truth: a graph of another library does not pass. */
  #agrees(graph: HnswIndex): boolean {
    const shared = [...graph.ids()].filter((id) => this.#exact.has(id));
    if (shared.length < graph.size * (1 - DEAD_BEFORE_REBUILDING)) return false;
    const step = Math.max(1, Math.floor(shared.length / SPOT_CHECKS));
    for (let i = 0; i < shared.length; i += step) {
      const id = shared[i] ?? 0;
      const truth = this.#exact.vector(id);
      const kept = graph.vector(id);
      if (truth === undefined || truth.some((value, axis) => value !== kept[axis])) return false;
    }
    return true;
  }
}
