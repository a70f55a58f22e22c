import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolAnswers, shares, type Vote } from '../../../electron/engine/answers/pool.ts';
import { bagOfWords } from '../captions/language.ts';

const vote = (text: string, confidence: number, weight: number): Vote => ({
  text,
  confidence,
  weight,
  embedding: bagOfWords(text),
});

describe('pooling answers', () => {
  it('joins what means the same and speaks in the words of the strongest', () => {
    const votes = [vote('running', 0.5, 1), vote('running fast', 0.6, 1), vote('sleeping', 0.9, 1)];
    const pooled = poolAnswers(votes, { alike: 0.7 });
    expect(pooled).toMatchObject({ text: 'running fast', supporters: [1, 0] });
    expect(pooled?.confidence).toBeCloseTo(1.1 / 3);
  });

  it('keeps answers apart that must be equal, save for articles and marks', () => {
    const votes = [vote('two', 0.6, 1), vote('Two.', 0.5, 1), vote('three', 0.9, 1)];
    expect(poolAnswers(votes, { alike: null })).toMatchObject({ text: 'two', supporters: [0, 1] });
    expect(
      poolAnswers([vote('on the beach', 0.5, 1), vote('beach', 0.4, 1), vote('park', 0.6, 1)], {
        alike: null,
      })?.text,
    ).toBe('on the beach');
  });

  it('lets one clip that matches outvote many that do not', () => {
    const votes = [vote('red', 0.8, 0.95), ...Array.from({ length: 7 }, () => vote('unknown', 0.9, 0.05))];
    expect(poolAnswers(votes, { alike: null })?.text).toBe('red');
  });

  it('says nothing without votes that count', () => {
    expect(poolAnswers([], { alike: null })).toBeNull();
    expect(poolAnswers([vote('red', 1, 0)], { alike: null })).toBeNull();
  });

  it('is never surer than its surest vote, and does not depend on the order of votes', () => {
    const votes = fc.array(
      fc.record({
        text: fc.constantFrom('red', 'blue', 'green'),
        confidence: fc.float({ min: 0, max: 1, noNaN: true }),
        weight: fc.float({ min: Math.fround(0.01), max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(votes, (raw) => {
        const all = raw.map(({ text, confidence, weight }) => vote(text, confidence, weight));
        const pooled = poolAnswers(all, { alike: null });
        const turned = poolAnswers([...all].reverse(), { alike: null });
        expect(pooled!.confidence).toBeLessThanOrEqual(
          Math.max(...all.map(({ confidence }) => confidence)) + 1e-9,
        );
        expect(turned!.confidence).toBeCloseTo(pooled!.confidence, 9);
      }),
    );
  });
});

describe('log probabilities', () => {
  it('become shares that add up to one, however small they are', () => {
    expect(shares([Math.log(0.2), Math.log(0.6)]).map((share) => share.toFixed(3))).toEqual([
      '0.250',
      '0.750',
    ]);
    expect(shares([-1000, -1000])).toEqual([0.5, 0.5]);
  });
});
