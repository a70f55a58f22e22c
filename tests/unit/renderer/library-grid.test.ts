import { describe, expect, it } from 'vitest';
import {
  cardsInView,
  gridLayout,
  moveInGrid,
  moveInParts,
  rowsOfSlots,
  rowWindow,
} from '../../../renderer/src/library/grid.ts';

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

describe('A grid in two parts', () => {
  // Five cards, a heading, five more, in four columns:  0 1 2 3 / 4 - - - // 5 6 7 8 / 9
  it.each([
    ['ArrowRight', 4, 5],
    ['ArrowLeft', 5, 4],
    ['ArrowDown', 4, 5],
    ['ArrowDown', 1, 4],
    ['ArrowUp', 5, 4],
    ['ArrowUp', 7, 4],
    ['ArrowDown', 5, 9],
    ['ArrowUp', 9, 5],
    ['Home', 7, 0],
    ['End', 2, 9],
  ])('%s from card %d leads to %d', (key, from, to) => {
    expect(moveInParts(key, from, 10, 4, 5)).toBe(to);
  });

  it('is a plain grid where one part is empty', () => {
    expect(moveInParts('ArrowDown', 1, 10, 4, 10)).toBe(5);
    expect(moveInParts('ArrowDown', 1, 10, 4, 0)).toBe(5);
    expect(moveInParts('x', 1, 10, 4, 5)).toBeNull();
  });
});

describe('The rows that are drawn', () => {
  it('are those in view and two around them', () => {
    expect(rowWindow(0, 700, 180, 3334, 2)).toEqual({ first: 0, count: 9 });
    expect(rowWindow(1800, 700, 180, 3334, 2)).toEqual({ first: 8, count: 9 });
  });

  it('end with the last row, and are all where there are few', () => {
    expect(rowWindow(3334 * 180 - 700, 700, 180, 3334, 2)).toEqual({ first: 3325, count: 9 });
    expect(rowWindow(0, 700, 180, 3, 2)).toEqual({ first: 0, count: 3 });
    expect(rowWindow(0, 700, 180, 0, 2)).toEqual({ first: 0, count: 0 });
  });

  it('are at most one before a row was measured', () => {
    expect(rowWindow(500, 700, 0, 40, 2)).toEqual({ first: 0, count: 1 });
  });

  it('keep their slot while they are drawn: one row on changes one slot', () => {
    for (let first = 0; first < 30; first++) {
      const before = rowsOfSlots({ first, count: 9 });
      const after = rowsOfSlots({ first: first + 1, count: 9 });
      expect(before.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 9 }, (_, k) => first + k));
      expect(after.filter((row, slot) => row !== before[slot])).toEqual([first + 9]);
    }
  });

  it('hold as many cards as a view shows', () => {
    expect(cardsInView(1216, 700, 210, 165)).toBe(36);
    expect(cardsInView(0, 0, 210, 165)).toBe(1);
  });
});
