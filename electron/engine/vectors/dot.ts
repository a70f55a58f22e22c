/**
 * The inner loop of every exact score: the dot product of `query` with the row of `rows` that begins at `offset`.
 * Four accumulators let the processor overlap the multiplications; the sum is kept in double precision.
 */
export function dotAt(query: Float32Array, rows: Float32Array, offset: number): number {
  const length = query.length;
  const even = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < even; i += 4) {
    const j = offset + i;
    a += (query[i] ?? 0) * (rows[j] ?? 0);
    b += (query[i + 1] ?? 0) * (rows[j + 1] ?? 0);
    c += (query[i + 2] ?? 0) * (rows[j + 2] ?? 0);
    d += (query[i + 3] ?? 0) * (rows[j + 3] ?? 0);
  }
  for (let i = even; i < length; i++) a += (query[i] ?? 0) * (rows[offset + i] ?? 0);
  return a + b + (c + d);
}

/** Dot product of two vectors of one length; the cosine where both have unit length. */
export function dot(a: Float32Array, b: Float32Array): number {
  return dotAt(a, b, 0);
}

/** The vector at unit length, as a new array; a vector of length 0 stays as it is. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector.slice() : vector.map((value) => value / length);
}
