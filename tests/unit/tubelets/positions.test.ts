import { describe, expect, it } from 'vitest';
import type { TubeShape } from '../../../electron/engine/tubelets/geometry.ts';
import { fixedPositions, tubeCentres } from '../../../electron/engine/tubelets/positions.ts';
import { PAPER_SHAPES } from './shapes.ts';

const SHORT: TubeShape = { name: 's', input: 's', kernel: [2, 4, 4], stride: [2, 4, 8], offset: [1, 0, 2] };

describe('tube centres', () => {
  it('lie at index * stride + offset + kernel / 2, time first, then row, then column', () => {
    expect(tubeCentres(SHORT, 5, 16).slice(0, 3)).toEqual([
      [2, 2, 4],
      [2, 2, 12],
      [2, 6, 4],
    ]);
    expect(tubeCentres(SHORT, 5, 16)).toHaveLength(2 * 4 * 2);
  });

  it('of the 16x4x4 tube of TubeViT begin in frame 12, at pixel 10', () => {
    expect(tubeCentres(PAPER_SHAPES[1]!, 32, 224)[0]).toEqual([12, 10, 10]);
    expect(tubeCentres(PAPER_SHAPES[1]!, 32, 224).at(-1)).toEqual([24, 202, 202]);
  });
});

describe('fixed positions', () => {
  it('give each axis a third of the width: sines, then cosines, of falling frequencies', () => {
    const codes = fixedPositions(SHORT, 5, 16, 12);
    const time = (2 / 5) * 32;
    const row = (2 / 16) * 32;
    const column = (4 / 16) * 32;
    const slow = 1000 ** -0.5;
    const expected = [time, row, column].flatMap((place) => [
      Math.sin(place),
      Math.sin(place * slow),
      Math.cos(place),
      Math.cos(place * slow),
    ]);
    expect([...codes.subarray(0, 12)]).toEqual(expected.map((value) => expect.closeTo(value, 6) as number));
  });

  it('differ for every tube of a clip', () => {
    const width = 48;
    const codes = fixedPositions(PAPER_SHAPES[0]!, 32, 224, width);
    const rows = new Set<string>();
    for (let i = 0; i < codes.length; i += width) rows.add(codes.subarray(i, i + width).join());
    expect(rows.size).toBe(98);
  });

  it('refuse a width that three axes of pairs cannot share', () => {
    expect(() => fixedPositions(SHORT, 5, 16, 10)).toThrow(/divisible by 6/);
  });
});
