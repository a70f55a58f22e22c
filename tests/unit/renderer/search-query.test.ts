import { describe, expect, it } from 'vitest';
import { newMoments, withoutPart } from '../../../renderer/src/search/query.ts';
import { parseRoute, formatRoute } from '../../../renderer/src/stores/route.ts';

const moment = (mediaId: number, start: number, end: number) => ({
  mediaId,
  name: 'a.mp4',
  kind: 'video' as const,
  start,
  end,
  peak: start,
  score: 1,
  match: 'strong' as const,
  words: null,
});

describe('A query', () => {
  it('loses a part without leaving a gap', () => {
    expect(withoutPart('a dog -grass after:2024', '-grass')).toBe('a dog after:2024');
    expect(withoutPart('type:image', 'type:image')).toBe('');
    expect(withoutPart('a dog', '-cat')).toBe('a dog');
  });

  it('counts what is new: another file, or a stretch that no known one overlaps', () => {
    const before = [moment(1, 0, 8), moment(2, 4, 8)];
    expect(newMoments(before, [moment(1, 4, 12), moment(2, 20, 24), moment(3, 0, 4)])).toBe(2);
    expect(newMoments([], [])).toBe(0);
  });
});

describe('A place in the app', () => {
  it.each(['#/library', '#/search', '#/watch/12', '#/watch/12/34.5'])(
    '%s is written as it is read',
    (hash) => {
      expect(formatRoute(parseRoute(hash))).toBe(hash);
    },
  );

  it.each(['', '#', '#/nowhere', '#/watch/0', '#/watch/../../etc', '#/watch/1e3'])(
    '%j is no place: the library is shown',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ screen: 'library' });
    },
  );

  it('drops a time that is none', () => {
    expect(parseRoute('#/watch/7/soon')).toEqual({ screen: 'watch', mediaId: 7, at: null });
  });
});
