import { expect, it } from 'vitest';
import { bestWeight, foundWith, rankAfter, type ReadQuery } from '../../evaluate/calibration/reading.ts';

/** A query whose picture is second to the index; `read` is what the decoder makes of the first and the second. */
function second(read: readonly [number, number], length = 1): ReadQuery {
  const candidates = [1, 2].map((id) => ({ id, z: 1 - id / 10, readAs: id }));
  return {
    unread: { text: '', spread: 1, candidates },
    scores: { logProbabilities: read, length },
    meant: 2,
  };
}

it('counts ranks after the reading, and what the index did not find not at all', () => {
  const sure = { weight: 1, plausibleFrom: -9 };
  expect(rankAfter(second([-5, -1]), 1, sure)).toBe(1);
  expect(rankAfter(second([-1, -5]), 1, sure)).toBe(2);
  expect(rankAfter({ ...second([-1, -5]), meant: 7 }, 1, sure)).toBe(Infinity);
  const found = foundWith([second([-5, -1]), second([-1, -5]), { ...second([-1, -5]), meant: 7 }], 1, sure);
  expect(found.r1).toBeCloseTo(1 / 3);
  expect(found.r10).toBeCloseTo(2 / 3);
  expect(found.reciprocal).toBeCloseTo(0.5);
});

it('gives reading weight where it helps and none where it only harms', () => {
  expect(bestWeight([second([-5, -1])], [], 1).weight).toBeGreaterThan(0);
  const first = { ...second([-5, -1]), meant: 1 };
  expect(bestWeight([first], [], 1).weight).toBe(0);
});

it('tells texts that the decoder knows from texts that are odd to it', () => {
  const known = second([-3, -1]);
  const odd = { ...second([-16, -14]), meant: 1 };
  const { weight, plausibleFrom } = bestWeight([known], [odd], 1);
  expect(weight).toBeGreaterThan(0);
  expect(plausibleFrom).toBeGreaterThan(-15);
});
