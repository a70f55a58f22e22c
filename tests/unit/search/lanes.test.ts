import { expect, test } from 'vitest';
import { laneOf } from '../../../electron/engine/search/lanes.ts';
import { clipsInARow } from './clips.ts';

function lane(zs: readonly number[]): ReturnType<typeof laneOf> {
  const clips = clipsInARow(zs.length);
  return laneOf(
    1,
    'q',
    zs.map((z, i) => ({ clip: clips[i]!, z, strength: Math.min(1, z / 4) })),
  );
}

test('a lane shows every clip in the order of time', () => {
  expect(lane([0, 2, 4]).clips).toEqual([
    { start: 0, end: 4, score: 0 },
    { start: 4, end: 8, score: 0.5 },
    { start: 8, end: 12, score: 1 },
  ]);
});

test('its peaks are the tops of what matches, each in the middle of its clip', () => {
  expect(lane([0, 2, 4, 2, 0, 0, 3, 0]).peaks).toEqual([
    { time: 10, score: 1, match: 'strong' },
    { time: 26, score: 0.75, match: 'likely' },
  ]);
});

test('of two tops close to each other the better one stays', () => {
  const tight = clipsInARow(3).map((clip, i) => ({ ...clip, start: i * 2, end: i * 2 + 2 }));
  const { peaks } = laneOf(
    1,
    'q',
    [3, 0, 4].map((z, i) => ({ clip: tight[i]!, z, strength: z / 4 })),
  );
  expect(peaks.map(({ time }) => time)).toEqual([5]);
});

test('a file without a match has no peaks', () => {
  expect(lane([0, 0.5, 0]).peaks).toEqual([]);
});
