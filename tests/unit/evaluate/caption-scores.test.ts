import { describe, expect, it } from 'vitest';
import { bleu, captionWords, ciderD } from '../../evaluate/caption-scores.ts';

describe('the words of a caption', () => {
  it.each([
    ['A man, running.', ['a', 'man', 'running']],
    ["The boy's dog", ['the', 'boy', "'s", 'dog']],
    ["It doesn't run", ['it', 'does', "n't", 'run']],
    ['a t-shirt -- red', ['a', 't-shirt', 'red']],
    ['"Stop!" says the sign (twice)', ['stop', 'says', 'the', 'sign', 'twice']],
    ['running in front', ['running', 'in', 'front']],
    ['1,000 people at 2.5 miles', ['1,000', 'people', 'at', '2.5', 'miles']],
    ['a café', ['a', 'café']],
    ['', []],
  ])('of %j', (text, words) => {
    expect(captionWords(text)).toEqual(words);
  });
});

describe('BLEU', () => {
  it('counts a repeated word no more often than a reference has it', () => {
    // Papineni et al. 2002, section 2.1: two of seven.
    const references = ['The cat is on the mat.', 'There is a cat on the mat.'];
    const [one, two] = bleu([{ caption: 'the the the the the the the', references }]);
    expect(one).toBeCloseTo(2 / 7);
    expect(two).toBe(0);
  });

  // The two candidates of Papineni et al. 2002, section 2.1, with their three references.
  const references = [
    'It is a guide to action that ensures that the military will forever heed Party commands.',
    'It is the guiding principle which guarantees the military forces always being under the command of the Party.',
    'It is the practical guide for the army always to heed the directions of the party.',
  ];

  it('gives the published precisions of the good candidate', () => {
    const caption =
      'It is a guide to action which ensures that the military always obeys the commands of the party.';
    const [one, two, three, four] = bleu([{ caption, references }]);
    expect(one).toBeCloseTo(17 / 18);
    expect(two).toBeCloseTo(Math.sqrt((17 / 18) * (10 / 17)));
    expect(three).toBeCloseTo(((17 / 18) * (10 / 17) * (7 / 16)) ** (1 / 3));
    // What NLTK's documentation shows for this sentence.
    expect(four).toBeCloseTo(0.5045666840058485, 10);
  });

  it('gives the published precisions of the poor candidate', () => {
    const caption = 'It is to insure the troops forever hearing the activity guidebook that party direct.';
    const [one, two] = bleu([{ caption, references }]);
    // Fourteen words against the nearest reference of sixteen.
    const penalty = Math.exp(1 - 16 / 14);
    expect(one).toBeCloseTo(penalty * (8 / 14));
    expect(two).toBeCloseTo(penalty * Math.sqrt((8 / 14) * (1 / 13)));
  });

  it('pays for being short against the nearest reference, the shorter of two as near', () => {
    const [one] = bleu([
      { caption: 'a dog runs', references: ['a dog runs on', 'a dog', 'a dog runs on grass'] },
    ]);
    expect(one).toBe(1);
    const [short] = bleu([{ caption: 'a dog runs', references: ['a dog runs on grass'] }]);
    expect(short).toBeCloseTo(Math.exp(1 - 5 / 3));
  });

  it('adds up counts over captions before it divides', () => {
    const [one] = bleu([
      { caption: 'a b c d', references: ['a b c d'] },
      { caption: 'x y', references: ['p q'] },
    ]);
    expect(one).toBeCloseTo(4 / 6);
  });
});

describe('CIDEr-D', () => {
  it('is ten where every caption is its reference and no two pictures share a word', () => {
    const captions = ['a dog runs on grass', 'two red cars stand still'];
    expect(ciderD(captions.map((caption) => ({ caption, references: [caption] })))).toBeCloseTo(10);
  });

  it('is nothing for words that are said of every picture', () => {
    expect(
      ciderD([
        { caption: 'a a', references: ['a a b'] },
        { caption: 'a a', references: ['a a c'] },
      ]),
    ).toBe(0);
  });

  it('is the mean of the cosines of all orders', () => {
    // One-word vectors (1, 1, 0) and (1, 0, 1) of equal rarity: 1/2. No pair of words in common. One picture of two.
    const score = ciderD([
      { caption: 'x y', references: ['x z'] },
      { caption: 'p', references: ['q'] },
    ]);
    expect(score).toBeCloseTo((10 * (1 / 2)) / 4 / 2);
  });

  it('clips the count of a word that is said again, and pays for the length', () => {
    // Word vectors (2, 0) and (1, 1), in units of the rarity: min(2, 1) · 1 / (2 · √2). Length 2 against 2: no penalty.
    const again = ciderD([
      { caption: 'x x', references: ['x z'] },
      { caption: 'p', references: ['q'] },
    ]);
    expect(again).toBeCloseTo((10 * (1 / (2 * Math.SQRT2))) / 4 / 2);
    // (1) and (1, 1): 1 / √2, one word against two.
    const short = ciderD([
      { caption: 'x', references: ['x z'] },
      { caption: 'p', references: ['q'] },
    ]);
    expect(short).toBeCloseTo((10 * Math.exp(-1 / 72) * Math.SQRT1_2) / 4 / 2);
  });

  it('takes the mean over the references', () => {
    const both = ciderD([
      { caption: 'x y', references: ['x z', 'u v'] },
      { caption: 'p', references: ['q'] },
    ]);
    expect(both).toBeCloseTo((10 * (1 / 2)) / 4 / 2 / 2);
  });
});
