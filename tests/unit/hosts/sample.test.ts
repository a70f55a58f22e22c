import { describe, expect, it } from 'vitest';
import { COLOURS, drawFrame, GROUNDS, type DrawnScene } from '../../../electron/hosts/sample/drawing.ts';
import { SAMPLE_VIDEOS } from '../../../electron/hosts/sample/library.ts';

const WIDTH = 192;
const HEIGHT = 108;

/** Middle of everything that is not the ground, and how much of the frame it covers. */
function painted(scene: DrawnScene, along: number): { x: number; y: number; share: number } {
  const frame = drawFrame(scene, along, WIDTH, HEIGHT);
  const ground: readonly number[] = GROUNDS[scene.ground];
  let [count, sumX, sumY] = [0, 0, 0];
  for (let at = 0; at < WIDTH * HEIGHT; at++) {
    if (ground.every((value, channel) => frame[at * 3 + channel] === value)) continue;
    count++;
    sumX += at % WIDTH;
    sumY += Math.floor(at / WIDTH);
  }
  return { x: sumX / count, y: sumY / count, share: count / (WIDTH * HEIGHT) };
}

const one: DrawnScene = { shape: 'circle', colour: 'red', ground: 'white', direction: 'right', count: 1 };

describe('a drawn scene', () => {
  it.each([
    ['left', -1, 0],
    ['right', 1, 0],
    ['up', 0, -1],
    ['down', 0, 1],
  ] as const)('moves %s', (direction, x, y) => {
    const before = painted({ ...one, direction }, 0);
    const after = painted({ ...one, direction }, 1);
    expect(Math.sign(Math.round(after.x - before.x))).toBe(x);
    expect(Math.sign(Math.round(after.y - before.y))).toBe(y);
  });

  it('is of its colour on its ground', () => {
    const frame = drawFrame(one, 0.5, WIDTH, HEIGHT);
    const middle = ((HEIGHT / 2) * WIDTH + WIDTH / 2) * 3;
    expect([...frame.subarray(middle, middle + 3)]).toEqual([...COLOURS.red]);
    expect([...frame.subarray(0, 3)]).toEqual([...GROUNDS.white]);
  });

  it('holds as many shapes as it says, none over another', () => {
    const { share } = painted(one, 0.5);
    for (const count of [2, 3, 4])
      expect(painted({ ...one, count }, 0.5).share).toBeCloseTo(share * count, 2);
  });

  it('draws four different shapes', () => {
    const shares = (['circle', 'square', 'triangle', 'star'] as const).map(
      (shape) => painted({ ...one, shape }, 0.5).share,
    );
    expect(new Set(shares.map((share) => share.toFixed(4))).size).toBe(4);
  });
});

describe('the sample videos', () => {
  it('show shapes that can be told from their ground, in every direction', () => {
    const scenes = SAMPLE_VIDEOS.flatMap(({ scenes: drawn }) => drawn);
    expect(new Set(scenes.map(({ direction }) => direction)).size).toBe(4);
    for (const { colour, ground } of scenes) expect(colour).not.toBe(ground);
    expect(new Set(SAMPLE_VIDEOS.map(({ name }) => name)).size).toBe(SAMPLE_VIDEOS.length);
  });
});
