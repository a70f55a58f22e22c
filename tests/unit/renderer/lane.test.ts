import { describe, expect, it } from 'vitest';
import { bestMatch, laneColumns, matchPeaks } from '../../../renderer/src/player/lane.ts';

const clips = (...scores: number[]): { start: number; end: number; score: number }[] =>
  scores.map((score, k) => ({ start: k * 4, end: k * 4 + 4, score }));

describe('A lane', () => {
  it('puts the score of each clip under its columns', () => {
    const columns = laneColumns(clips(0.25, 1, 0.5), { from: 0, to: 12 }, 6);
    expect([...columns]).toEqual([0.25, 0.25, 1, 1, 0.5, 0.5]);
  });

  it('never loses a short match in a long video', () => {
    const many = clips(...Array.from({ length: 2700 }, (_, k) => (k === 1234 ? 0.875 : 0)));
    const columns = laneColumns(many, { from: 0, to: 2700 * 4 }, 300);
    expect(Math.max(...columns)).toBe(0.875);
    expect(columns.filter((score) => score > 0).length).toBeLessThanOrEqual(2);
  });

  it('shows only what is in view, up to its edges', () => {
    const columns = laneColumns(clips(1, 0.5, 1), { from: 4, to: 8 }, 4);
    expect([...columns]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('keeps the best of clips that overlap', () => {
    const both = [
      { start: 0, end: 4, score: 0.75 },
      { start: 2, end: 6, score: 0.25 },
    ];
    expect([...laneColumns(both, { from: 0, to: 6 }, 3)]).toEqual([0.75, 0.75, 0.25]);
  });

  it('visits only peaks that are a match, in order of time', () => {
    const lane = {
      mediaId: 1,
      query: 'dog',
      clips: [],
      peaks: [
        { time: 9, score: 0.9, match: 'likely' as const },
        { time: 1, score: 0.1, match: 'none' as const },
        { time: 3, score: 0.4, match: 'weak' as const },
      ],
    };
    expect(matchPeaks(lane).map((peak) => peak.time)).toEqual([3, 9]);
    expect(bestMatch(lane)).toBe('likely');
    expect(bestMatch({ ...lane, peaks: [] })).toBe('none');
  });
});
