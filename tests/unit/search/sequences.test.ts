import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestChains } from '../../../electron/engine/search/sequences.ts';
import { clipsInARow } from './clips.ts';

const score = (z: number): { z: number; strength: number } => ({
  z,
  strength: Math.max(0, Math.min(1, z / 4)),
});

function chains(stages: readonly (readonly number[])[], within: number): number[][] {
  const clips = clipsInARow(stages[0]!.length);
  const scores = stages.map((zs) => zs.map(score));
  return bestChains(clips, scores, within).map((chain) => chain.clips.map(({ ordinal }) => ordinal));
}

describe('sequences', () => {
  test('find one thing after the other', () => {
    expect(
      chains(
        [
          [0, 4, 0, 0, 0],
          [0, 0, 0, 4, 0],
        ],
        30,
      )[0],
    ).toEqual([1, 3]);
  });

  test('do not find them the other way round', () => {
    const [best] = bestChains(clipsInARow(3), [[0, 0, 4].map(score), [4, 0, 0].map(score)], 30);
    expect(best?.strength).toBe(0);
  });

  test('do not reach further than the time between them', () => {
    const stages = [
      [4, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 4],
    ];
    expect(chains(stages, 16)[0]).toEqual([0, 5]);
    const [near] = bestChains(
      clipsInARow(6),
      stages.map((zs) => zs.map(score)),
      15,
    );
    expect(near?.strength).toBe(0);
  });

  test('go over more than two stages', () => {
    expect(
      chains(
        [
          [4, 0, 0, 0],
          [0, 4, 0, 0],
          [0, 0, 0, 4],
        ],
        30,
      )[0],
    ).toEqual([0, 1, 3]);
  });

  test('are as strong as their weakest stage', () => {
    const [best] = bestChains(clipsInARow(2), [[4, 0].map(score), [0, 2].map(score)], 30);
    expect(best).toMatchObject({ z: 6, strength: 0.5 });
  });

  test('agree with trying every pair', () => {
    const stage = fc.array(fc.double({ min: -2, max: 4, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(stage, stage, fc.integer({ min: 0, max: 30 }), (a, b, within) => {
        const clips = clipsInARow(12);
        const found = bestChains(clips, [a.map(score), b.map(score)], within);
        const pairs = clips.flatMap((first, i) =>
          clips.flatMap((second, j) =>
            i < j && second.start - first.end <= within
              ? [{ start: first.start, end: second.end, z: a[i]! + b[j]!, weakest: Math.min(a[i]!, b[j]!) }]
              : [],
          ),
        );
        const most = Math.max(...pairs.map(({ z }) => z));
        const overlapping = (from: number, to: number): number[] =>
          found
            .filter((c) => c.clips[0]!.start < to && from < c.clips[1]!.end)
            .map(({ strength }) => strength);
        // The pair with most evidence is there, unless a stronger chain takes its time.
        const best = pairs.filter(({ z }) => z === most);
        expect(
          best.some(
            ({ start, end, weakest }) => Math.max(...overlapping(start, end)) >= score(weakest).strength,
          ),
        ).toBe(true);
        for (const { clips: pair } of found) {
          expect(pair[0]!.end).toBeLessThanOrEqual(pair[1]!.start);
          expect(pair[1]!.start - pair[0]!.end).toBeLessThanOrEqual(within);
        }
      }),
    );
  });
});
