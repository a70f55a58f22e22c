/** Drawn shapes in motion with questions that have one answer each. A single frame cannot tell left from right. Pure. */

type Rgb = readonly [red: number, green: number, blue: number];

const COLOURS: Readonly<Record<string, Rgb>> = {
  red: [214, 40, 40],
  green: [40, 160, 60],
  blue: [40, 80, 210],
  yellow: [240, 210, 40],
  orange: [245, 140, 30],
  purple: [130, 50, 160],
  pink: [245, 140, 190],
  white: [245, 245, 245],
  black: [15, 15, 15],
  brown: [120, 75, 40],
};
const GROUNDS: Readonly<Record<string, Rgb>> = {
  white: [250, 250, 250],
  black: [10, 10, 10],
  gray: [128, 128, 128],
  blue: [150, 190, 230],
  green: [150, 200, 150],
};
/** Whether a place, -1 to 1 each way, is inside a shape. */
const SHAPES: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  circle: (x, y) => x ** 2 + y ** 2 <= 1,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.9,
  triangle: (x, y) => y <= 0.9 && Math.abs(x) <= (y + 1) / 2,
  star: (x, y) => Math.hypot(x, y) <= 0.68 + 0.32 * Math.cos(5 * Math.atan2(x, -y)),
};
const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};
const NUMBERS = ['zero', 'one', 'two', 'three', 'four'] as const;
const CHANNELS = 3;
/** Sizes and ways, in shares of the frame's side: a shape keeps to its own quarter, so that no two touch. */
const EXTENT = { least: 0.15, most: 0.24 };
const TRAVEL = { least: 0.12, most: 0.22 };

/** What is drawn: `count` shapes of one kind and colour that all move one way. */
export interface Scene {
  readonly shape: string;
  readonly colour: string;
  readonly ground: string;
  readonly direction: string;
  readonly count: number;
}

export const SCENE_QUESTIONS = ['direction', 'count', 'colour'] as const;

/** A question about a scene and its one answer. */
export interface SceneQuestion {
  readonly about: (typeof SCENE_QUESTIONS)[number];
  readonly question: string;
  readonly answer: string;
}

const between = ({ least, most }: typeof EXTENT, random: () => number): number =>
  least + (most - least) * random();

function oneOf<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)]!;
}

/** A scene whose shapes stand out from what is behind them. */
export function randomScene(random: () => number): Scene {
  const colour = oneOf(Object.keys(COLOURS), random);
  const grounds = Object.keys(GROUNDS).filter((ground) => ground !== colour);
  return {
    shape: oneOf(Object.keys(SHAPES), random),
    colour,
    ground: oneOf(grounds, random),
    direction: oneOf(Object.keys(DIRECTIONS), random),
    count: 1 + Math.floor(4 * random()),
  };
}

export function sceneQuestions({ shape, colour, direction, count }: Scene): SceneQuestion[] {
  const [be, them] = count > 1 ? ['are', `${shape}s`] : ['is', shape];
  return [
    { about: 'direction', question: `Which way ${be} the ${them} moving?`, answer: direction },
    { about: 'count', question: `How many ${shape}s are there?`, answer: NUMBERS[count] ?? `${count}` },
    { about: 'colour', question: `What color ${be} the ${them}?`, answer: colour },
  ];
}

/** The clip: `frames` frames of size x size RGB, one after another. Where the shapes are and how large is up to chance. */
export function drawScene(scene: Scene, frames: number, size: number, random: () => number): Uint8Array {
  const clip = new Uint8Array(frames * size * size * CHANNELS);
  const ground = GROUNDS[scene.ground]!;
  for (let at = 0; at < clip.length; at++) clip[at] = ground[at % CHANNELS]!;
  const extent = Math.floor(between(EXTENT, random) * size);
  const travel = between(TRAVEL, random) * size;
  const [right, down] = DIRECTIONS[scene.direction]!;
  const free = [0, 1, 2, 3];
  for (let drawn = 0; drawn < scene.count; drawn++) {
    const [quarter = 0] = free.splice(Math.floor(random() * free.length), 1);
    const room = size / 2 - extent;
    const start = (): number => room * Math.min(1, Math.max(0, 0.3 + 0.4 * random()));
    const [left, top] = [
      (quarter % 2) * (size / 2) + start(),
      Math.floor(quarter / 2) * (size / 2) + start(),
    ];
    for (let frame = 0; frame < frames; frame++) {
      const along = travel * (frame / Math.max(1, frames - 1) - 0.5);
      const within = (place: number): number => Math.floor(Math.min(size - extent, Math.max(0, place)));
      const place = { left: within(left + right * along), top: within(top + down * along), extent };
      paint(clip, frame, size, scene, place);
    }
  }
  return clip;
}

function paint(
  clip: Uint8Array,
  frame: number,
  size: number,
  { shape, colour }: Scene,
  { left, top, extent }: { left: number; top: number; extent: number },
): void {
  const inside = SHAPES[shape]!;
  const place = (index: number): number => (2 * index) / (extent - 1) - 1;
  for (let y = 0; y < extent; y++) {
    for (let x = 0; x < extent; x++) {
      if (!inside(place(x), place(y))) continue;
      clip.set(COLOURS[colour]!, ((frame * size + top + y) * size + left + x) * CHANNELS);
    }
  }
}
