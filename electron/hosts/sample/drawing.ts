/** What is drawn in the sample videos: shapes of one kind and colour that move in one direction, scene after scene. */
export interface DrawnScene {
  readonly shape: 'circle' | 'square' | 'triangle' | 'star';
  readonly colour: keyof typeof COLOURS;
  readonly ground: keyof typeof GROUNDS;
  readonly direction: 'left' | 'right' | 'up' | 'down';
  /** 1 to 4. */
  readonly count: number;
}

/** Red, green and blue, 0 to 255. */
type Rgb = readonly [number, number, number];

export const COLOURS = {
  red: [214, 40, 40],
  green: [40, 160, 60],
  blue: [40, 80, 210],
  yellow: [240, 210, 40],
  orange: [245, 140, 30],
  purple: [130, 50, 160],
  pink: [245, 140, 190],
  white: [245, 245, 245],
  black: [15, 15, 15],
} as const satisfies Record<string, Rgb>;

export const GROUNDS = {
  white: [250, 250, 250],
  black: [10, 10, 10],
  gray: [128, 128, 128],
  blue: [150, 190, 230],
  green: [150, 200, 150],
} as const satisfies Record<string, Rgb>;

const STEPS: Readonly<Record<DrawnScene['direction'], readonly [x: number, y: number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

/** A shape's size and the way it goes, as shares of the frame's height. */
const EXTENT = 0.3;
const TRAVEL = 0.4;

/** One frame, RGB row by row. `along` is how much of the scene has passed, 0 to 1. */
export function drawFrame(scene: DrawnScene, along: number, width: number, height: number): Uint8Array {
  const frame = new Uint8Array(width * height * 3);
  frame.set(GROUNDS[scene.ground]);
  for (let filled = 3; filled < frame.length; filled *= 2) frame.copyWithin(filled, 0, filled);
  const size = Math.round(EXTENT * height);
  const [stepX, stepY] = STEPS[scene.direction];
  const shift = (along - 0.5) * TRAVEL * height;
  for (let index = 0; index < scene.count; index++) {
    const [column, row] = placeOf(index, scene.count);
    const left = Math.round(column * width + stepX * shift - size / 2);
    const top = Math.round(row * height + stepY * shift - size / 2);
    stamp(frame, scene, left, top, size, width, height);
  }
  return frame;
}

/** Middle of a shape as shares of the frame: one in the middle, more spread in two columns and rows. */
function placeOf(index: number, count: number): readonly [number, number] {
  if (count === 1) return [0.5, 0.5];
  if (count === 2) return [index === 0 ? 0.3 : 0.7, 0.5];
  return [index % 2 === 0 ? 0.3 : 0.7, index < 2 ? 0.28 : 0.72];
}

function stamp(
  frame: Uint8Array,
  { shape, colour }: DrawnScene,
  left: number,
  top: number,
  size: number,
  width: number,
  height: number,
): void {
  const paint = COLOURS[colour];
  for (let y = Math.max(0, -top); y < size && top + y < height; y++) {
    for (let x = Math.max(0, -left); x < size && left + x < width; x++) {
      const across = (2 * x) / (size - 1) - 1;
      const down = (2 * y) / (size - 1) - 1;
      if (isInside(shape, across, down)) frame.set(paint, ((top + y) * width + left + x) * 3);
    }
  }
}

/** `x` and `y` run from -1 to 1 over the shape's square. */
function isInside(shape: DrawnScene['shape'], x: number, y: number): boolean {
  switch (shape) {
    case 'circle':
      return x * x + y * y <= 1;
    case 'square':
      return Math.max(Math.abs(x), Math.abs(y)) <= 0.9;
    case 'triangle':
      return y <= 0.9 && Math.abs(x) <= (y + 1) / 2;
    case 'star':
      return Math.hypot(x, y) <= 0.68 + 0.32 * Math.cos(5 * Math.atan2(x, -y));
  }
}
