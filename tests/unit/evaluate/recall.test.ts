import { describe, expect, it } from 'vitest';
import { imageToTextRanks, rankOf, recall, textToImageRanks } from '../../evaluate/recall.ts';

const unit = (...values: number[]): Float32Array => {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};

describe('ranks', () => {
  it('count from one, by the best of the right candidates', () => {
    expect(rankOf([0.9, 0.5, 0.7], [0])).toBe(1);
    expect(rankOf([0.9, 0.5, 0.7], [1])).toBe(3);
    expect(rankOf([0.9, 0.5, 0.7], [1, 2])).toBe(2);
  });

  it('put a wrong candidate that scores as much first', () => {
    expect(rankOf([0.5, 0.5, 0.5], [0])).toBe(3);
  });

  it('are taken both ways between pictures and their texts', () => {
    const pictures = [
      { embedding: unit(1, 0), texts: [unit(1, 0.1), unit(0.2, 1)] },
      { embedding: unit(0, 1), texts: [unit(0.9, 1)] },
    ];
    expect(textToImageRanks(pictures)).toEqual([1, 2, 1]);
    // The second picture's own text comes after the first picture's second one.
    expect(imageToTextRanks(pictures)).toEqual([1, 2]);
  });

  it('make recall with both of its sides', () => {
    expect(recall([1, 3, 7, 40])).toEqual({
      r1: { right: 1, of: 4, perCent: 25 },
      r5: { right: 2, of: 4, perCent: 50 },
      r10: { right: 3, of: 4, perCent: 75 },
    });
  });
});
