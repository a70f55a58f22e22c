import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOfHeat, type Box } from '../../../electron/engine/answers/box.ts';

/** How hot each cell is where a thing covers the box: the share of the cell that it covers. */
function covered([x, y, width, height]: Box, size: number): number[][] {
  const overlap = (from: number, length: number, cell: number): number =>
    Math.max(0, Math.min((from + length) * size, cell + 1) - Math.max(from * size, cell));
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => overlap(x, width, column) * overlap(y, height, row)),
  );
}

function overUnion(a: Box, b: Box): number {
  const side = (i: 0 | 1): number =>
    Math.max(0, Math.min(a[i] + a[i + 2]!, b[i] + b[i + 2]!) - Math.max(a[i], b[i]));
  const shared = side(0) * side(1);
  return shared / (a[2] * a[3] + b[2] * b[3] - shared);
}

describe('the box of a heat map', () => {
  it('finds a thing of two by three cells almost exactly', () => {
    const thing: Box = [2 / 7, 1 / 7, 2 / 7, 3 / 7];
    expect(overUnion(boxOfHeat(covered(thing, 7))!, thing)).toBeGreaterThan(0.8);
  });

  it('finds edges that lie between cells', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (x, y) => {
          const thing: Box = [x, y, 0.45, 0.45];
          expect(overUnion(boxOfHeat(covered(thing, 7))!, thing)).toBeGreaterThan(0.6);
        },
      ),
    );
  });

  it('keeps to the hottest of two things', () => {
    const heat = covered([0, 0, 2 / 7, 2 / 7], 7).map((row, r) =>
      row.map((value, c) => value + (r === 6 && c === 6 ? 0.8 : 0)),
    );
    const box = boxOfHeat(heat)!;
    expect(box[0] + box[2]).toBeLessThan(0.5);
    expect(box[1] + box[3]).toBeLessThan(0.5);
  });

  it('is the whole frame where it is hot throughout, and nothing where there is no heat', () => {
    expect(boxOfHeat(Array.from({ length: 7 }, () => new Array<number>(7).fill(0.9)))).toEqual([0, 0, 1, 1]);
    expect(boxOfHeat(Array.from({ length: 7 }, () => new Array<number>(7).fill(0)))).toBeNull();
    expect(boxOfHeat([])).toBeNull();
  });

  it('never leaves the frame', () => {
    const maps = fc.array(
      fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }),
      { minLength: 4, maxLength: 4 },
    );
    fc.assert(
      fc.property(maps, (heat) => {
        const [x, y, width, height] = boxOfHeat(heat)!;
        return x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9;
      }),
    );
  });
});
