/** Amber, as on the lanes. */
const HUE = [245, 177, 69] as const;
/** Heat covers at most this much of the picture below it. */
const STRONGEST = 0.62;

/**
 * Rows of scores 0..1 as RGBA pixels, one a score; the browser smooths them when it stretches them over the frame.
 * Weak scores fade faster than strong ones, so that what matters stands out.
 */
export function heatPixels(heat: readonly (readonly number[])[]): {
  width: number;
  height: number;
  pixels: Uint8ClampedArray<ArrayBuffer>;
} {
  const height = heat.length;
  const width = heat[0]?.length ?? 0;
  const pixels = new Uint8ClampedArray(width * height * 4);
  heat.forEach((row, y) => {
    row.forEach((score, x) => {
      const at = (y * width + x) * 4;
      pixels.set(HUE, at);
      pixels[at + 3] = Math.round(255 * STRONGEST * Math.min(Math.max(score, 0), 1) ** 1.6);
    });
  });
  return { width, height, pixels };
}
