/** The little algebra that embeddings need. */

/** Scales a vector in place to unit length and returns it; a vector of zeros stays as it is. */
export function normalise(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (sum > 0) {
    const scale = 1 / Math.sqrt(sum);
    for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * scale;
  }
  return vector;
}

/** Cosine of the angle between two vectors of one length; 0 where one of them is all zeros. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    product += x * y;
    aa += x * x;
    bb += y * y;
  });
  return aa > 0 && bb > 0 ? product / Math.sqrt(aa * bb) : 0;
}
