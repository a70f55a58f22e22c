import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  breakLines,
  characters,
  halves,
  MOST_LINE_CHARACTERS,
} from '../../../electron/engine/captions/line-breaks.ts';
import {
  sayWhatIsNew,
  sentenceCase,
  shorten,
  wellFormed,
  withoutRepeats,
} from '../../../electron/engine/captions/wording.ts';

describe('saying what is new', () => {
  it.each([
    [
      'a man in a white shirt is standing',
      'a man in a white shirt is sitting down',
      'the man is sitting down',
    ],
    ['a young boy is running', 'a boy jumping into a pool', 'the boy jumping into a pool'],
    ['two dogs are running', 'two dogs are lying in the grass', 'the two dogs are lying in the grass'],
    ['a man and a woman are talking', 'a man and a woman are dancing', 'they are dancing'],
    [
      'a man in a white shirt is standing',
      'a man in a red hat is sitting',
      'the man in a red hat is sitting',
    ],
  ])('after "%s", "%s" becomes "%s"', (before, next, said) => {
    expect(sayWhatIsNew(before, next)).toBe(said);
  });

  it.each([
    ['another subject', 'a man is standing', 'a woman is standing'],
    ['a new quality of the subject', 'a dog is running', 'a brown dog is running'],
    ['a sentence it cannot take apart', 'city at night', 'city by day'],
  ])('leaves %s alone', (_, before, next) => {
    expect(sayWhatIsNew(before, next)).toBe(next);
  });
});

describe('leaving out repeats', () => {
  it.each([
    ['a man in a white shirt in a red shirt in the red shirt', 'a man in a white shirt'],
    ['a dog with a ball in front of a dog on the grass', 'a dog with a ball on the grass'],
    ['a boy on a swing in a garden', 'a boy on a swing in a garden'],
  ])('%s', (text, kept) => {
    expect(withoutRepeats(text)).toBe(kept);
  });
});

describe('shortening', () => {
  const text = 'a man in a blue shirt is standing on a street in front of a building';
  it.each([
    [100, text],
    [60, 'a man in a blue shirt is standing on a street'],
    [40, 'a man in a blue shirt is standing'],
    [20, null],
  ])('to %i characters drops the last details', (most, short) => {
    expect(shorten(text, most)).toBe(short);
  });

  it.each([
    ['a black and white and white dog is standing', 'a black and white dog is standing'],
    ['a boy in a blue shirt and white shirt is standing', 'a boy in a blue shirt is standing'],
    ['a man and a woman are sitting on a bench', 'a man and a woman are sitting on a bench'],
    ['a man in a red shirt and a', 'a man in a red shirt'],
    ['two dogs', 'two dogs'],
  ])('%s: nothing is said twice, nothing breaks off', (text, mended) => {
    expect(wellFormed(text)).toBe(mended);
  });

  it('lets the verb go with the subject', () => {
    const before = 'a man and a woman are standing in a kitchen';
    expect(sayWhatIsNew(before, 'a man and a woman is sitting on a bench')).toBe(
      'they are sitting on a bench',
    );
  });

  it('writes a sentence with a large first letter and no full stop', () => {
    expect(sentenceCase(' a dog runs . ')).toBe('A dog runs');
  });
});

describe('breaking lines', () => {
  it.each([
    ['A dog runs', ['A dog runs']],
    ['', []],
    [
      'A man in a blue shirt is standing on a street in the city',
      ['A man in a blue shirt is standing', 'on a street in the city'],
    ],
    [
      'They walk home together, and the dog follows them there',
      ['They walk home together,', 'and the dog follows them there'],
    ],
  ])('%s', (text, lines) => {
    expect(breakLines(text)).toEqual(lines);
  });

  it('keeps every word in order, and every line within the width that its words allow', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z,.]{1,14}$/), { maxLength: 30 }), (words) => {
        const lines = breakLines(words.join(' '));
        expect(lines.join(' ')).toBe(words.join(' '));
        expect(lines.every((line) => characters(line) <= MOST_LINE_CHARACTERS)).toBe(true);
      }),
    );
  });

  it('counts what is seen as one as one', () => {
    expect(characters('e\u0301👩‍👩‍👧')).toBe(2);
  });

  it('halves a text where it reads best', () => {
    expect(halves('A man stands on a street, and a dog runs past him')).toEqual([
      'A man stands on a street,',
      'and a dog runs past him',
    ]);
    expect(halves('word')).toBeNull();
  });
});
