import { describe, expect, it } from 'vitest';
import type { InputGeometry } from '../../../electron/engine/tubelets/geometry.ts';
import { shuffledFrames } from '../../evaluate/drawn-motion.ts';
import { drawScene, randomScene, sceneQuestions, type Scene } from '../../evaluate/drawn-scenes.ts';
import { seeded } from '../vectors/clusters.ts';

const [FRAMES, SIZE] = [16, 112];
const SCENE: Scene = { shape: 'square', colour: 'red', ground: 'white', direction: 'left', count: 1 };

/** The mean place of the pixels that are not the ground, and how many there are. */
function middleOf(clip: Uint8Array, frame: number): { x: number; y: number; pixels: number } {
  const picture = clip.subarray(frame * SIZE * SIZE * 3, (frame + 1) * SIZE * SIZE * 3);
  let [x, y, pixels] = [0, 0, 0];
  for (let at = 0; at < SIZE * SIZE; at++) {
    if (picture[at * 3] === 250) continue;
    [x, y, pixels] = [x + (at % SIZE), y + Math.floor(at / SIZE), pixels + 1];
  }
  return { x: x / pixels, y: y / pixels, pixels };
}

describe('a drawn scene', () => {
  it.each([
    ['left', -1, 0],
    ['right', 1, 0],
    ['up', 0, -1],
    ['down', 0, 1],
  ])('moves %s', (direction, x, y) => {
    const clip = drawScene({ ...SCENE, direction }, FRAMES, SIZE, seeded(3));
    const [first, last] = [middleOf(clip, 0), middleOf(clip, FRAMES - 1)];
    expect(Math.sign(Math.round(last.x - first.x))).toBe(x);
    expect(Math.sign(Math.round(last.y - first.y))).toBe(y);
  });

  it('shows as many shapes as it says, none over another', () => {
    const one = middleOf(drawScene(SCENE, FRAMES, SIZE, seeded(3)), 0).pixels;
    const four = drawScene({ ...SCENE, count: 4 }, FRAMES, SIZE, seeded(3));
    for (let frame = 0; frame < FRAMES; frame++) expect(middleOf(four, frame).pixels).toBe(4 * one);
  });

  it('is asked about with its own words', () => {
    const asked = sceneQuestions({ ...SCENE, shape: 'star', count: 3 });
    expect(asked.map(({ question, answer }) => [question, answer])).toEqual([
      ['Which way are the stars moving?', 'left'],
      ['How many stars are there?', 'three'],
      ['What color are the stars?', 'red'],
    ]);
  });

  it('never has shapes of the colour behind them', () => {
    const random = seeded(1);
    const scenes = Array.from({ length: 200 }, () => randomScene(random));
    expect(scenes.filter(({ colour, ground }) => colour === ground)).toEqual([]);
    expect(new Set(scenes.map(({ direction }) => direction)).size).toBe(4);
    expect(new Set(scenes.map(({ count }) => count))).toEqual(new Set([1, 2, 3, 4]));
  });
});

describe('shuffling the temporal tubes', () => {
  it('moves every frame but those that a still is read from', () => {
    const geometry: InputGeometry = {
      ...{ frames: 16, size: 32, seconds: 4, still: ['image'] },
      tubes: [
        { name: 'image', input: 'image', kernel: [1, 16, 16], stride: [16, 16, 16], offset: [8, 0, 0] },
        { name: 'tube', input: 'tube', kernel: [4, 8, 8], stride: [8, 32, 32], offset: [0, 0, 0] },
      ],
    };
    const order = shuffledFrames(geometry, seeded(2));
    expect(order[8]).toBe(8);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, frame) => frame));
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });
});
