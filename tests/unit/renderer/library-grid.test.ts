import { describe, expect, it } from 'vitest';
import { gridLayout, moveInGrid } from '../../../renderer/src/library/grid.ts';

describe('The grid', () => {
  it('has as many columns as fit, and at least one', () => {
    expect(gridLayout(20_000, 1216, 190, 12)).toEqual({ columns: 6, rows: 3334 });
    expect(gridLayout(5, 100, 190, 12)).toEqual({ columns: 1, rows: 5 });
    expect(gridLayout(0, 1216, 190, 12).rows).toBe(0);
  });

  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowRight', 9, 9],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 5],
    ['ArrowDown', 7, 9],
    ['ArrowDown', 8, 8],
    ['ArrowUp', 5, 1],
    ['ArrowUp', 2, 2],
    ['Home', 7, 0],
    ['End', 2, 9],
  ])('%s from item %d of ten in four columns leads to %d', (key, from, to) => {
    expect(moveInGrid(key, from, 10, 4)).toBe(to);
  });

  it('leaves other keys alone', () => {
    expect(moveInGrid('Enter', 0, 10, 4)).toBeNull();
  });
});
