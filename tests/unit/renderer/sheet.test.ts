import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAt, locateCell, reel } from '../../../renderer/src/thumbnails/sheet.ts';

const SHEETS = { cellWidth: 240, cellHeight: 135, columns: 10, rows: 10, secondsPerCell: 2, count: 250 };

describe('Sheets of thumbnails', () => {
  it('show the cell nearest to a time, and the last one after the end', () => {
    expect(cellAt(SHEETS, 0)).toBe(0);
    expect(cellAt(SHEETS, 4.9)).toBe(2);
    expect(cellAt(SHEETS, 99_999)).toBe(249);
    expect(cellAt(SHEETS, -3)).toBe(0);
  });

  it('of a picture have one cell, whatever the time', () => {
    expect(cellAt({ ...SHEETS, secondsPerCell: 0, count: 1 }, 0)).toBe(0);
  });

  it('are left to right, top to bottom, sheet after sheet', () => {
    expect(locateCell(SHEETS, 0)).toEqual({ sheet: 0, x: 0, y: 0 });
    expect(locateCell(SHEETS, 99)).toEqual({ sheet: 0, x: 1, y: 1 });
    expect(locateCell(SHEETS, 103)).toEqual({ sheet: 1, x: 3 / 9, y: 0 });
  });

  it('of one column or row need no fraction', () => {
    expect(locateCell({ ...SHEETS, columns: 1, rows: 1 }, 4)).toEqual({ sheet: 4, x: 0, y: 0 });
  });

  it('play a moment with enough cells to move, all of them existing and in order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 600, noNaN: true }),
        fc.double({ min: 0, max: 60, noNaN: true }),
        (count, start, length) => {
          const cells = reel({ ...SHEETS, count }, start, start + length);
          expect(cells.length).toBeGreaterThanOrEqual(Math.min(6, count));
          expect(cells.at(0)).toBeGreaterThanOrEqual(0);
          expect(cells.at(-1)).toBeLessThan(count);
          expect(cells).toEqual([...cells].sort((a, b) => a - b));
        },
      ),
    );
  });
});
