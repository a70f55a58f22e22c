import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chanceOf,
  matchWord,
  normalTail,
  quantile,
  Strengths,
  zOf,
  type Prior,
} from '../../../electron/engine/search/calibration.ts';
import { gaussian, seeded } from '../vectors/clusters.ts';

const PRIOR: Prior = { mean: 0, spread: 0.1, weight: 20, rise: 0.1 };

describe('the normal tail', () => {
  // Values of the upper tail from standard tables.
  test.each([
    [0, 0.5],
    [1, 0.15865525393145707],
    [1.959963984540054, 0.025],
    [2.4999, 0.00621141958],
    [2.5001, 0.00620791337],
    [3, 0.0013498980316300957],
    [6, 9.865876450377018e-10],
    [-1, 0.8413447460685429],
  ])('at %s is %s', (z, tail) => {
    expect(normalTail(z) / tail).toBeCloseTo(1, 6);
  });

  test('never rises', () => {
    const z = fc.double({ min: -8, max: 30, noNaN: true });
    fc.assert(
      fc.property(z, z, (a, b) => {
        expect(normalTail(Math.max(a, b))).toBeLessThanOrEqual(normalTail(Math.min(a, b)));
      }),
    );
  });
});

describe('chance', () => {
  test('is the prior where nothing is known', () => {
    expect(chanceOf(new Float64Array(), 0, PRIOR)).toEqual({ mean: 0, spread: 0.1 });
  });

  test('is the library where much is known, whatever a minority of true matches scores', () => {
    const normal = gaussian(seeded(4));
    const sample = Float64Array.from({ length: 500 }, (_, i) => (i < 75 ? 0.9 : 0.05 + 0.03 * normal()));
    const chance = chanceOf(sample, 5000, PRIOR);
    expect(chance.mean).toBeCloseTo(0.05, 1);
    expect(chance.spread).toBeGreaterThan(0.02);
    expect(chance.spread).toBeLessThan(0.05);
  });

  test('does not explain away a library that is full of what was asked for', () => {
    const sample = Float64Array.from({ length: 500 }, () => 0.6);
    expect(zOf(0.6, chanceOf(sample, 5000, PRIOR))).toBeGreaterThan(3);
  });

  test('lets evidence rise with the score', () => {
    const score = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(score, { maxLength: 60 }), fc.nat(1000), score, score, (sample, scenes, a, b) => {
        fc.pre(a < b);
        const chance = chanceOf(Float64Array.from(sample), scenes, PRIOR);
        expect(chance.spread).toBeGreaterThan(0);
        expect(zOf(a, chance)).toBeLessThanOrEqual(zOf(b, chance));
      }),
    );
  });
});

describe('strength', () => {
  const zs = fc.array(fc.double({ min: -5, max: 12, noNaN: true }), { maxLength: 60 });
  const best = zs.map((list) => list.sort((a, b) => b - a).map((z, i) => ({ z, newScene: i % 3 !== 2 })));

  test('lies between 0 and 1 and never falls as the evidence rises', () => {
    const z = fc.double({ min: -6, max: 14, noNaN: true });
    fc.assert(
      fc.property(best, fc.nat(100_000), z, z, (list, scenes, a, b) => {
        const strengths = new Strengths(scenes, list);
        const low = strengths.of(Math.min(a, b));
        const high = strengths.of(Math.max(a, b));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThanOrEqual(low);
      }),
      { numRuns: 1000 },
    );
  });

  test('of the only clip of a library is how unlikely its score is', () => {
    expect(new Strengths(1, [{ z: 2, newScene: true }]).of(2)).toBeCloseTo(1 - normalTail(2), 12);
  });

  test('of the best of many clips that match by chance alone is none, at every size', () => {
    for (const clips of [30, 300, 3000, 30_000]) {
      let called = 0;
      for (let seed = 1; seed <= 20; seed++) {
        const normal = gaussian(seeded(seed * 7919 + clips));
        const list = Array.from({ length: clips }, normal)
          .sort((a, b) => b - a)
          .slice(0, 200)
          .map((z) => ({ z, newScene: true }));
        if (matchWord(new Strengths(clips, list).of(list[0]?.z ?? 0)) === 'strong') called++;
      }
      // At most one in ten is what `strong` promises.
      expect(called).toBeLessThanOrEqual(4);
    }
  });

  test('says strong where many more clips score high than chance explains', () => {
    const list = Array.from({ length: 200 }, (_, i) => ({ z: 4 - i / 400, newScene: true }));
    expect(matchWord(new Strengths(100_000, list).of(3.9))).toBe('strong');
  });

  test('counts clips that look alike once: a long still scene is one coincidence, not many', () => {
    const alike = Array.from({ length: 150 }, (_, i) => ({ z: 2, newScene: i === 0 }));
    const different = alike.map(({ z }) => ({ z, newScene: true }));
    expect(new Strengths(150, alike).of(2)).toBe(0);
    expect(new Strengths(150, different).of(2)).toBeGreaterThan(0.9);
  });
});

test('a quantile lies between its neighbours', () => {
  expect(quantile(Float64Array.of(1, 2, 4), 0.5)).toBe(2);
  expect(quantile(Float64Array.of(1, 2, 4), 0.75)).toBe(3);
  expect(quantile(Float64Array.of(7), 0.9)).toBe(7);
});
