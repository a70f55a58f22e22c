import type { StoredTokens } from './types.ts';

/** The largest magnitude of a quantised value; -128 is left out so that the range is symmetric. */
const INT8_LIMIT = 127;

/**
 * Quantises vision tokens for storage: symmetric int8 with one scale a token (its largest magnitude / 127), so that
 * value = int8 * scale. Four times smaller than float32; the error of a value is at most half its token's scale.
 *
 * @param tokens tokens x width floats, row by row
 * @param width floats a token; must divide the length of `tokens`
 */
export function quantiseTokens(tokens: Float32Array, width: number): StoredTokens {
  if (tokens.length === 0) return { values: new Int8Array(0), scales: new Float32Array(0) };
  if (!Number.isInteger(width) || width < 1 || tokens.length % width !== 0) {
    throw new RangeError(`${tokens.length} floats are not rows of ${width}.`);
  }
  const scales = new Float32Array(tokens.length / width);
  const values = new Int8Array(tokens.length);
  for (let row = 0; row < scales.length; row += 1) {
    const first = row * width;
    const end = first + width;
    let largest = 0;
    for (let at = first; at < end; at += 1) largest = Math.max(largest, Math.abs(tokens[at] as number));
    if (!Number.isFinite(largest))
      throw new RangeError(`Token ${row} holds a value that is not a finite number.`);
    const scale = Math.fround(largest / INT8_LIMIT);
    scales[row] = scale;
    if (scale === 0) continue;
    for (let at = first; at < end; at += 1) {
      const rounded = Math.round((tokens[at] as number) / scale);
      values[at] = Math.max(-INT8_LIMIT, Math.min(INT8_LIMIT, rounded));
    }
  }
  return { values, scales };
}

/** The floats that stored tokens stand for, row by row. */
export function dequantiseTokens(stored: StoredTokens): Float32Array {
  const { values, scales } = stored;
  const tokens = new Float32Array(values.length);
  if (scales.length === 0) return tokens;
  const width = values.length / scales.length;
  if (!Number.isInteger(width))
    throw new RangeError(`${values.length} values do not divide into ${scales.length} tokens.`);
  let at = 0;
  for (const scale of scales) {
    for (const end = at + width; at < end; at += 1) tokens[at] = (values[at] ?? 0) * scale;
  }
  return tokens;
}
