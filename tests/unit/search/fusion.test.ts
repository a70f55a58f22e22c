import { describe, expect, test } from 'vitest';
import { fuse } from '../../../electron/engine/search/fusion.ts';
import type { Stretch } from '../../../electron/engine/search/moments.ts';
import type { Spoken } from '../../../electron/engine/search/words.ts';

const seen = (mediaId: number, strength: number, start = 0): Stretch => ({
  mediaId,
  start,
  end: start + 4,
  peak: start + 2,
  clipId: mediaId * 100 + start,
  z: 1,
  strength,
});
const said = (mediaId: number, strength: number, start = 0): Spoken => ({
  ...seen(mediaId, strength, start),
  words: 'w',
});

describe('fusion of what is seen and what is said', () => {
  test('puts first what both found, and says so with the words', () => {
    const [first] = fuse([seen(1, 0.9), seen(2, 0.8)], [said(3, 1), said(2, 0.5)], 10);
    expect(first).toMatchObject({ mediaId: 2, words: 'w', strength: expect.closeTo(0.9, 9) as number });
  });

  test('gives what is merely the nearest miss to the eye no rank beside words that were found', () => {
    expect(fuse([seen(1, 0.1)], [said(2, 1)], 10).map(({ mediaId }) => mediaId)).toEqual([2]);
  });

  test('leaves the visual ranking as it is where no words were found', () => {
    expect(fuse([seen(1, 0.1), seen(2, 0)], [], 1)).toEqual([seen(1, 0.1)]);
  });

  test('keeps stretches of one file apart that do not share time', () => {
    expect(fuse([seen(1, 0.9, 0)], [said(1, 1, 4)], 10)).toHaveLength(2);
  });
});
