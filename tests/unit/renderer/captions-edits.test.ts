import { describe, expect, it } from 'vitest';
import { changesOf, splitTime } from '../../../renderer/src/captions/edits.ts';
import { phrasesOf } from '../../../renderer/src/where/phrases.ts';

const CUE = {
  id: 7,
  start: 3,
  end: 5,
  text: 'a dog runs',
  source: 'model' as const,
  confidence: 0.8,
  issues: [],
};

describe('Edits of a caption', () => {
  it('are none when nothing was changed', () => {
    expect(changesOf(CUE, { text: ' a dog runs ', start: 3, end: 5 })).toEqual([]);
  });

  it('are one for the words and one for the times', () => {
    expect(changesOf(CUE, { text: 'a cat runs', start: 2.5, end: 5 })).toEqual([
      { kind: 'text', id: 7, text: 'a cat runs' },
      { kind: 'times', id: 7, start: 2.5, end: 5 },
    ]);
  });

  it('leave times alone that are none, or end before they start', () => {
    expect(changesOf(CUE, { text: 'a dog runs', start: null, end: null })).toEqual([]);
    expect(changesOf(CUE, { text: 'a dog runs', start: 9, end: 5 })).toEqual([]);
  });

  it('do not move a cue by the rounding of what the fields show', () => {
    const between = { ...CUE, start: 3.04, end: 5.04 };
    expect(changesOf(between, { text: 'a dog runs', start: 3, end: 5 })).toEqual([]);
  });

  it('split at the playhead inside the cue, otherwise in proportion to the words', () => {
    expect(splitTime(CUE, 5, 4.2)).toBe(4.2);
    expect(splitTime(CUE, 5, 9)).toBe(4);
    expect(splitTime(CUE, 0, 9)).toBeCloseTo(3.2);
    expect(splitTime({ ...CUE, text: '' }, 0, 9)).toBe(4);
  });
});

describe('The things that a caption names', () => {
  it.each([
    ['a brown dog is running on the beach', ['brown dog', 'beach']],
    ['Two men and a woman, in a building.', ['two men', 'woman', 'building']],
    ['the dog and the dog', ['dog']],
    ['', []],
  ])('of %j are %j', (caption, phrases) => {
    expect(phrasesOf(caption)).toEqual(phrases);
  });
});
