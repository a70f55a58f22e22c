import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trusted } from '../../../electron/engine/models/calibration.ts';
import { fitAnswers } from '../../evaluate/calibration/answers.ts';
import {
  areaUnder,
  bestAbstention,
  bestTelling,
  coverageCurve,
  tellingCurve,
} from '../../evaluate/calibration/curves.ts';
import { calibrationError, fitTrust, type Judged } from '../../evaluate/calibration/logistic.ts';
import { chart } from '../../evaluate/calibration/chart.ts';
import { isAnswerable, meaningWords } from '../../evaluate/calibration/subjects.ts';
import { seeded } from '../vectors/clusters.ts';

/** Claims whose chance to be right is known. */
function claims(count: number, truth: { bias: number; own: number; agreement: number }): Judged[] {
  const random = seeded(3);
  return Array.from({ length: count }, () => {
    const claim = { own: 0.02 + 0.96 * random(), agreement: random() - 0.5 };
    return { ...claim, right: random() < trusted(truth, claim) ? 1 : 0 };
  });
}

describe('trust', () => {
  it('is found again from claims that were judged', () => {
    const truth = { bias: -0.5, own: 0.8, agreement: 3 };
    const found = fitTrust(claims(4000, truth));
    expect(Math.abs(found.bias - truth.bias)).toBeLessThan(0.2);
    expect(Math.abs(found.own - truth.own)).toBeLessThan(0.15);
    expect(Math.abs(found.agreement - truth.agreement)).toBeLessThan(0.4);
  });

  it('states probabilities that come true', () => {
    const truth = { bias: -1, own: 0.5, agreement: 4 };
    const judged = claims(4000, truth);
    expect(calibrationError(fitTrust(judged), judged)).toBeLessThan(0.03);
    expect(calibrationError({ bias: 0, own: 1, agreement: 0 }, judged)).toBeGreaterThan(0.1);
  });

  it('gives no weight to a view that speaks against itself', () => {
    const found = fitTrust(claims(2000, { bias: 0, own: -1, agreement: 3 }));
    expect(found.own).toBe(0);
    expect(found.agreement).toBeGreaterThan(1);
  });

  it('stays finite where everything is right', () => {
    const found = fitTrust(claims(50, { bias: 50, own: 0, agreement: 0 }));
    expect(Object.values(found).every(Number.isFinite)).toBe(true);
  });
});

const SCORES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4].map((score, at) => ({ score, right: at < 3 }));

describe('where to stand on a curve', () => {
  it('answers while right answers outweigh wrong ones', () => {
    expect(bestAbstention(SCORES, 1, 0)).toBe(0.7);
    expect(bestAbstention([...SCORES, { score: 0.3, right: true }], 0.1, 0)).toBe(0.3);
  });

  it('keeps answering some, however bad they are', () => {
    const wrong = SCORES.map(({ score }) => ({ score, right: false }));
    expect(coverageCurve(wrong, [bestAbstention(wrong, 1, 0.3)])[0]?.answered).toBe(2);
  });

  it('tells apart where hits and false alarms part', () => {
    expect(bestTelling(SCORES)).toBe(0.7);
    expect(tellingCurve(SCORES, [0.7])).toEqual([{ from: 0.7, hits: 1, falseAlarms: 0 }]);
    expect(areaUnder(SCORES)).toBe(1);
    expect(areaUnder(SCORES.map(({ score }) => ({ score, right: score < 0.65 })))).toBe(0);
    expect(areaUnder(SCORES.map(({ right }) => ({ score: 0.5, right })))).toBe(0.5);
  });

  it('never answers more from a higher confidence on', () => {
    const outcomes = fc.array(
      fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }), right: fc.boolean() }),
    );
    fc.assert(
      fc.property(outcomes, (some) => {
        const curve = coverageCurve(some, [0, 0.25, 0.5, 0.75, 1]);
        expect(curve[0]?.answered).toBe(some.length);
        for (const [at, point] of curve.entries())
          expect(point.answered).toBeLessThanOrEqual(curve[at - 1]?.answered ?? Infinity);
      }),
    );
  });
});

describe('kinds of question', () => {
  it('that captions give no questions of go by those that are answered in the same way', () => {
    const judged = claims(200, { bias: 0, own: 1, agreement: 0 }).map((claim, at) => {
      return { ...claim, kind: at % 2 === 0 ? 'what' : 'presence', answerable: true } as const;
    });
    const kinds = fitAnswers(judged);
    expect(Object.keys(kinds).sort()).toEqual(['presence', 'what', 'who', 'yes-no']);
    expect(kinds['yes-no']).toEqual(kinds['presence']);
    expect(kinds['who']).toEqual(kinds['what']);
  });
});

describe('what captions are about', () => {
  it('is in their words of meaning, whatever their number', () => {
    expect(meaningWords('Two dogs and a man run on the grass')).toEqual(['dog', 'man', 'run', 'gras']);
  });

  it.each([
    ['the dog', true],
    ['the dogs', true],
    ['the girl', true],
    ['the horse', false],
  ])('%s: can be asked about: %s', (words, answerable) => {
    expect(isAnswerable(words, ['a dog runs past a boy', 'a brown puppy'])).toBe(answerable);
  });

  it('no person can be asked about where no one is', () => {
    expect(isAnswerable('the men', ['a dog runs'])).toBe(false);
  });
});

describe('a chart', () => {
  it('shows each line, its name and the point in use', () => {
    const drawn = chart('Title', 'across', 'up', [
      {
        name: 'places',
        points: [
          [0, 0],
          [1, 1],
        ],
        mark: [0.5, 0.5],
      },
    ]);
    expect(drawn).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(drawn.match(/<circle/g)).toHaveLength(1);
    expect(drawn).toContain('>places</text>');
  });
});
