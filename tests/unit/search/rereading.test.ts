import { describe, expect, it } from 'vitest';
import { readingOf, reordered, type Unread } from '../../../electron/engine/search/rereading.ts';

const SURE = { weight: 1, plausibleFrom: -20 };

/** Clips 1, 2, 3 … with that evidence, each read for itself unless `readAs` says otherwise. */
function candidates(zs: readonly number[], readAs: Readonly<Record<number, number>> = {}): Unread {
  return {
    text: 'a dog',
    spread: 0.1,
    candidates: zs.map((z, at) => ({ id: at + 1, z, readAs: readAs[at + 1] ?? at + 1 })),
  };
}

const order = (reading: ReadonlyMap<number, number>): number[] => [...reading.keys()];

describe('a reading', () => {
  it('adds the log probability to the scaled cosine, and reorders by the sum', () => {
    // scale x spread x z = 10 x 0.1 x z = z, so the worths are 3 - 9, 2 - 7.5 and 1 - 8.
    const reading = readingOf(
      candidates([3, 2, 1]),
      { logProbabilities: [-9, -7.5, -8], length: 1 },
      10,
      SURE,
    );
    expect(order(reading)).toEqual([2, 1, 3]);
  });

  it('changes who has the evidence and not how much there is', () => {
    const reading = readingOf(
      candidates([3, 2, 1]),
      { logProbabilities: [-30, -20, -1], length: 1 },
      10,
      SURE,
    );
    expect([...reading]).toEqual([
      [3, 3],
      [2, 2],
      [1, 1],
    ]);
  });

  it('says nothing of a text that is odd to the decoder whatever is seen', () => {
    const scores = { logProbabilities: [-30, -20, -10], length: 2 };
    const [trusting, careful] = [-10, -5].map((plausibleFrom) =>
      order(readingOf(candidates([3, 2, 1]), scores, 10, { weight: 1, plausibleFrom })),
    );
    expect(trusting).toEqual([3, 2, 1]);
    expect(careful).toEqual([1, 2, 3]);
  });

  it('with no weight leaves the order as it was', () => {
    const scores = { logProbabilities: [-9, -1, -5], length: 1 };
    expect(order(readingOf(candidates([3, 2, 1]), scores, 10, { ...SURE, weight: 0 }))).toEqual([1, 2, 3]);
  });

  it('reads one clip for all of its scene', () => {
    const reading = readingOf(
      candidates([3, 2, 1.9], { 3: 2 }),
      { logProbabilities: [-9, -1], length: 1 },
      10,
      SURE,
    );
    expect(order(reading)).toEqual([2, 3, 1]);
  });
});

it('clips that were not read keep their evidence and their place below', () => {
  const best = [5, 4, 3, 2].map((z, at) => ({ id: at + 1, z }));
  const reading = new Map([
    [2, 5],
    [1, 4],
  ]);
  expect(reordered(best, reading)).toEqual([
    { id: 2, z: 5 },
    { id: 1, z: 4 },
    { id: 3, z: 3 },
    { id: 4, z: 2 },
  ]);
});
