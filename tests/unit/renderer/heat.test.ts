import { describe, expect, it } from 'vitest';
import { containedBox } from '../../../renderer/src/player/frame.ts';
import { heatPixels } from '../../../renderer/src/where/heat.ts';

describe('Heat over a frame', () => {
  it('has a pixel for each score, stronger where the score is', () => {
    const { width, height, pixels } = heatPixels([
      [0, 0.5],
      [1, 2],
    ]);
    expect([width, height]).toEqual([2, 2]);
    const alpha = [3, 7, 11, 15].map((at) => pixels[at] ?? -1);
    expect(alpha[0]).toBe(0);
    expect(alpha[1]).toBeGreaterThan(0);
    expect(alpha[2]).toBeGreaterThan(alpha[1] ?? 0);
    expect(alpha[3]).toBe(alpha[2]);
    expect(alpha[2]).toBeLessThan(200);
  });

  it('of nothing is nothing', () => {
    expect(heatPixels([])).toMatchObject({ width: 0, height: 0 });
  });
});

describe('The picture in its room', () => {
  it('keeps its shape and lies in the middle', () => {
    expect(containedBox({ width: 800, height: 800 }, 16 / 9)).toEqual({
      left: 0,
      top: 175,
      width: 800,
      height: 450,
    });
    expect(containedBox({ width: 800, height: 400 }, 1)).toEqual({
      left: 200,
      top: 0,
      width: 400,
      height: 400,
    });
  });
});
