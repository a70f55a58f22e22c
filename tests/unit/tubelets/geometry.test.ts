import { describe, expect, it } from 'vitest';
import { clipGrids, rowBytes, tubeCount, tubeGrid } from '../../../electron/engine/tubelets/geometry.ts';
import type { Triple, TubeShape } from '../../../electron/engine/tubelets/geometry.ts';
import { PAPER_GEOMETRY, PAPER_SHAPES } from './shapes.ts';

/** floor((32 - offset - kernel) / stride) + 1 in time and the same with 224 in space, worked out by hand. */
const PAPER_TABLE: readonly (readonly [name: string, grid: Triple, bytes: number])[] = [
  ['8x8x8', [2, 7, 7], 1536],
  ['16x4x4', [3, 7, 7], 768],
  ['4x12x12', [2, 7, 7], 1728],
  ['1x16x16', [1, 14, 14], 768],
];

describe('tube geometry', () => {
  it.each(PAPER_TABLE)('counts the %s tubes of a 32x224x224 clip', (name, grid, bytes) => {
    const shape = PAPER_SHAPES.find((candidate) => candidate.name === name)!;
    expect(tubeGrid(shape, 32, 224)).toEqual(grid);
    expect(rowBytes(shape)).toBe(bytes);
  });

  it('cuts a 32x224x224 clip into 539 tubelets', () => {
    const total = clipGrids(PAPER_GEOMETRY, 32).reduce((sum, grid) => sum + tubeCount(grid), 0);
    expect(total).toBe(98 + 147 + 98 + 196);
  });

  it('keeps only the shapes named for stills when there is one frame', () => {
    expect(clipGrids(PAPER_GEOMETRY, 1)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [1, 14, 14],
    ]);
  });

  it('never counts below nothing where a tube does not fit', () => {
    const shape: TubeShape = {
      name: 'x',
      input: 'x',
      kernel: [8, 4, 4],
      stride: [2, 2, 2],
      offset: [0, 0, 0],
    };
    expect(tubeGrid(shape, 4, 16)).toEqual([0, 7, 7]);
    expect(tubeGrid({ ...shape, kernel: [1, 64, 4] }, 4, 16)).toEqual([2, 0, 7]);
  });
});
