import { describe, expect, it } from 'vitest';
import { cellsInside } from '../../evaluate/locate.ts';
import { decodeBoxes, suppressed } from '../../evaluate/yolox.ts';

/** Values of one cell with two classes. */
const LENGTH = 7;
const CELLS = { fine: 52 * 52, middle: 26 * 26, coarse: 13 * 13 };

function outputWith(cell: number, values: readonly number[]): Float32Array {
  const output = new Float32Array((CELLS.fine + CELLS.middle + CELLS.coarse) * LENGTH);
  output.set(values, cell * LENGTH);
  return output;
}

describe('boxes of YOLOX', () => {
  it('lie where the cell and its offset say, as large as the logarithm says', () => {
    // Row 2, column 3 of the grid of 16 pixels: centre (56, 40), 32 by 64 pixels.
    const output = outputWith(CELLS.fine + 2 * 26 + 3, [0.5, 0.5, Math.log(2), Math.log(4), 0.8, 0.1, 0.9]);
    const [box, ...others] = decodeBoxes(output, ['cat', 'dog'], 0.5, 416, 416);
    expect(others).toEqual([]);
    expect(box?.kind).toBe('dog');
    expect(box?.score).toBeCloseTo(0.72);
    const edges = [box!.left, box!.right, box!.top, box!.bottom].map((edge) => edge * 416);
    [40, 72, 8, 72].forEach((edge, index) => {
      expect(edges[index]).toBeCloseTo(edge, 3);
    });
  });

  it('are fractions of the picture, without what was added to make it square', () => {
    const output = outputWith(CELLS.fine + CELLS.middle, [1, 1, Math.log(2), Math.log(2), 1, 1, 0]);
    const [box] = decodeBoxes(output, ['cat', 'dog'], 0.5, 416, 208);
    expect(box?.right).toBeCloseTo(64 / 416);
    expect(box?.bottom).toBeCloseTo(64 / 208);
  });

  it('are one where they overlap much and are of one class', () => {
    const box = { kind: 'cat', score: 0.9, left: 0.1, top: 0.1, right: 0.5, bottom: 0.5 };
    const near = { ...box, score: 0.8, left: 0.12 };
    const other = { ...near, kind: 'dog' };
    const far = { ...box, score: 0.7, left: 0.6, right: 0.9 };
    expect(suppressed([far, near, box, other])).toEqual([box, other, far]);
  });

  it('hold the cells of the heat whose middles are in them', () => {
    const inside = cellsInside([{ left: 0.3, top: 0, right: 0.8, bottom: 0.6 }], { rows: 2, columns: 4 });
    expect(inside).toEqual([false, true, true, false, false, false, false, false]);
  });
});
