/** A rounded bar of the icon, in units of the icon's width (0 to 1). */
export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: Rgb;
  readonly radius: number;
}

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

const DARK: Rgb = [23, 26, 29];
const AMBER: Rgb = [242, 176, 74];
const TEAL: Rgb = [63, 182, 168];
const GREY: Rgb = [92, 100, 108];

/**
 * The icon: a dark plate with a timeline's lane on it. The bars are the strengths of a search's matches over a video,
 * the highest in amber; the teal line below is where the video stands.
 */
export const ICON: readonly Bar[] = [
  { x: 0.06, y: 0.06, width: 0.88, height: 0.88, radius: 0.2, colour: DARK },
  ...[0.16, 0.26, 0.5, 0.34, 0.18].map((height, index) => ({
    x: 0.22 + index * 0.122,
    y: 0.66 - height,
    width: 0.072,
    height,
    radius: 0.036,
    colour: index === 2 ? AMBER : GREY,
  })),
  { x: 0.22, y: 0.74, width: 0.56, height: 0.05, radius: 0.025, colour: GREY },
  { x: 0.22, y: 0.74, width: 0.316, height: 0.05, radius: 0.025, colour: TEAL },
];

/** The icon as an SVG of 1024 units. */
export function iconSvg(bars: readonly Bar[] = ICON): string {
  const unit = (value: number): string => String(Math.round(value * 10240) / 10);
  const rects = bars.map(
    ({ x, y, width, height, radius, colour }) =>
      `  <rect x="${unit(x)}" y="${unit(y)}" width="${unit(width)}" height="${unit(height)}" rx="${unit(radius)}" fill="rgb(${colour.join(' ')})"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1024 1024">\n${rects.join('\n')}\n</svg>\n`;
}

/** The icon as RGBA pixels, `size` x `size`, smooth at its edges. */
export function iconPixels(size: number, bars: readonly Bar[] = ICON): Uint8Array {
  const pixels = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let colour: Rgb = [0, 0, 0];
      let alpha = 0;
      for (const bar of bars) {
        const cover = coverage(bar, (x + 0.5) / size, (y + 0.5) / size, size);
        if (cover === 0) continue;
        const total = cover + alpha * (1 - cover);
        const mix = (over: number, under: number): number =>
          (over * cover + under * alpha * (1 - cover)) / total;
        colour = [
          mix(bar.colour[0], colour[0]),
          mix(bar.colour[1], colour[1]),
          mix(bar.colour[2], colour[2]),
        ];
        alpha = total;
      }
      pixels.set([...colour, alpha * 255].map(Math.round), (y * size + x) * 4);
    }
  }
  return pixels;
}

/** How much of a pixel at (x, y) a bar covers: by its distance to the bar's rounded edge. */
function coverage(bar: Bar, x: number, y: number, size: number): number {
  const radius = Math.min(bar.radius, bar.width / 2, bar.height / 2);
  const beyondX = Math.abs(x - (bar.x + bar.width / 2)) - (bar.width / 2 - radius);
  const beyondY = Math.abs(y - (bar.y + bar.height / 2)) - (bar.height / 2 - radius);
  const outside = Math.hypot(Math.max(beyondX, 0), Math.max(beyondY, 0));
  const distance = outside + Math.min(Math.max(beyondX, beyondY), 0) - radius;
  return Math.min(1, Math.max(0, 0.5 - distance * size));
}
