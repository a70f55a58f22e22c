/**
 * How large the made libraries and films are, 1 being what is stated. TUBELET_BENCH_SCALE=0.01 tries a benchmark out;
 * its figures then mean nothing.
 */
export const SCALE = scaleOf(process.env['TUBELET_BENCH_SCALE']);

/** A size at the scale that was asked for. */
export function scaled(size: number): number {
  return Math.max(1, Math.round(size * SCALE));
}

function scaleOf(text = '1'): number {
  const scale = Number(text);
  if (scale > 0 && scale <= 1) return scale;
  throw new Error(`TUBELET_BENCH_SCALE is "${text}", which is not above 0 and at most 1.`);
}
