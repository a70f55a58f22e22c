/** One neighbour of a query. */
export interface Neighbour {
  /** The id that the vector was added under (a clip's id). */
  readonly id: number;
  /** Cosine similarity, -1 to 1. */
  readonly similarity: number;
}

/** Vectors of unit length by id, searchable by cosine. Exact scan and HNSW are peers behind it. */
export interface VectorIndex {
  readonly dimension: number;
  readonly size: number;
  add(id: number, vector: Float32Array): void;
  remove(id: number): void;
  /**
   * The `count` nearest, best first. `accept` leaves ids out. An approximate index may miss some.
   */
  search(query: Float32Array, count: number, accept?: (id: number) => boolean): Neighbour[];
}
