import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClipRow } from '../../../electron/engine/library/types.ts';
import { mergeMoments, type ClipSource, type Stretch } from '../../../electron/engine/search/moments.ts';
import { clipsInARow } from './clips.ts';

/** Merges over files given as one z a clip; from z 1 on a clip matches. */
function merged(
  files: readonly (readonly number[])[],
  limit = 20,
  shape?: (clips: ClipRow[]) => void,
): Stretch[] {
  const clips = files.map((zs, file) => clipsInARow(zs.length, file + 1, (file + 1) * 1000));
  clips.forEach((list) => shape?.(list));
  const z = new Map(clips.flatMap((list, file) => list.map(({ id }, i) => [id, files[file]![i]!] as const)));
  const source: ClipSource = {
    mediaOf: (id) => Math.floor(id / 1000),
    clipsOf: (mediaId) => clips[mediaId - 1]!,
    zOf: (id) => z.get(id)!,
    strengthOf: (value) => Math.max(0, Math.min(1, 0.3 * value)),
  };
  const best = [...z].map(([id, value]) => ({ id, z: value })).sort((a, b) => b.z - a.z || a.id - b.id);
  return mergeMoments(best, source, limit);
}

describe('merging', () => {
  test('joins adjacent clips that match, and opens in the middle of the best one', () => {
    const [moment, ...others] = merged([[0, 2, 3, 2, 0]]);
    expect(moment).toMatchObject({ mediaId: 1, start: 4, end: 16, peak: 10, clipId: 1002, z: 3 });
    expect(others).toEqual([]);
  });

  test('never bridges a clear miss', () => {
    expect(merged([[3, 0, 3]]).map(({ start, end }) => [start, end])).toEqual([
      [0, 4],
      [8, 12],
    ]);
  });

  test('does not stretch a strong moment over clips that match far less', () => {
    expect(merged([[3, 1.2, 1.1]]).map(({ start, end }) => [start, end])).toEqual([
      [0, 4],
      [4, 12],
    ]);
  });

  test('does not join clips that are apart in time', () => {
    const apart = (clips: ClipRow[]): void => {
      clips[1] = { ...clips[1]!, start: 9, end: 13 };
    };
    expect(merged([[2, 2]], 20, apart)).toHaveLength(2);
  });

  test('orders the moments of all files by their best clip', () => {
    expect(merged([[2, 2], [3], [2.5]]).map(({ mediaId }) => mediaId)).toEqual([2, 3, 1]);
  });

  test('of what does not match gives the nearest miss of each file, unmerged', () => {
    expect(
      merged([
        [0.5, 0.6, 0.4],
        [0.2, 0.1],
      ]).map(({ clipId }) => clipId),
    ).toEqual([1001, 2000]);
  });

  test('stops at the limit', () => {
    expect(merged([[3], [2], [1]], 2)).toHaveLength(2);
  });

  test('covers no clip twice, and each moment holds its own peak', () => {
    const file = fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 4 }), (files) => {
        const moments = merged(files, 1000);
        for (const [i, a] of moments.entries()) {
          expect(a.start).toBeLessThan(a.peak);
          expect(a.peak).toBeLessThan(a.end);
          for (const b of moments.slice(i + 1)) {
            expect(a.mediaId === b.mediaId && a.start < b.end && b.start < a.end).toBe(false);
          }
        }
        const strengths = moments.map(({ strength }) => strength);
        expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
      }),
    );
  });
});
