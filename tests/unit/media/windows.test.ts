import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenWindows, spread, WindowPlanner } from '../../../electron/engine/media/windows.ts';
import type { Window } from '../../../electron/engine/media/windows.ts';

/** Divides `total` samples with cuts before the given ones. */
function plan(
  total: number,
  cuts: readonly number[],
  length = 16,
  from = { first: 0, cutBefore: true },
): Window[] {
  const planner = new WindowPlanner(length, from);
  const windows: Window[] = [];
  for (let sample = from.first; sample < total; sample++)
    windows.push(...planner.push(sample, cuts.includes(sample)));
  const last = planner.finish(total);
  return last === null ? windows : [...windows, last];
}

const spans = (windows: readonly Window[]): string[] =>
  windows.map((w) => `${w.first}-${w.end}${w.cutBefore ? '*' : ''}`);

describe('division of shots into windows', () => {
  it.each([
    ['whole windows', 48, [], ['0-16*', '16-32', '32-48']],
    ['a tail of a quarter of its own', 36, [], ['0-16*', '16-32', '32-36']],
    ['a shorter tail joined to the last window', 35, [], ['0-16*', '16-35']],
    ['a video shorter than a window', 5, [], ['0-5*']],
    ['a single sample', 1, [], ['0-1*']],
    ['windows counted anew from a cut', 40, [10], ['0-10*', '10-26*', '26-40']],
    ['a short tail before a cut', 40, [18], ['0-18*', '18-34*', '34-40']],
    ['cuts close together', 20, [2, 4, 6], ['0-2*', '2-4*', '4-6*', '6-20*']],
    ['nothing', 0, [], []],
  ])('makes %s', (_, total, cuts, expected) => {
    expect(spans(plan(total, cuts))).toEqual(expected);
  });

  const films = fc.record({
    total: fc.integer({ min: 1, max: 150 }),
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: 149 }), { maxLength: 8 }),
    length: fc.integer({ min: 1, max: 20 }),
  });

  it('covers every sample once, straddles no cut, and marks exactly the windows that begin at one', () => {
    fc.assert(
      fc.property(films, ({ total, cuts, length }) => {
        const windows = plan(total, cuts, length);
        let at = 0;
        for (const window of windows) {
          expect(window.first).toBe(at);
          expect(cuts.some((cut) => cut > window.first && cut < window.end)).toBe(false);
          expect(window.cutBefore).toBe(window.first === 0 || cuts.includes(window.first));
          at = window.end;
        }
        expect(at).toBe(total);
      }),
    );
  });

  it('goes on from the end of any window as if it had never stopped', () => {
    fc.assert(
      fc.property(films, ({ total, cuts, length }) => {
        const windows = plan(total, cuts, length);
        windows.forEach((window, i) => {
          const rest = plan(total, cuts, length, { first: window.end, cutBefore: cuts.includes(window.end) });
          expect(spans(rest)).toEqual(spans(windows.slice(i + 1)));
        });
      }),
    );
  });
});

describe('spreading of frames over a window', () => {
  it('gives each sample once where there are as many as frames', () => {
    expect(spread({ first: 32, end: 48 }, 16)).toEqual(Array.from({ length: 16 }, (_, i) => 32 + i));
  });

  it('repeats samples evenly in a short window', () => {
    expect(spread({ first: 4, end: 6 }, 8)).toEqual([4, 4, 4, 4, 5, 5, 5, 5]);
  });

  it('skips samples evenly in a stretched window', () => {
    expect(spread({ first: 0, end: 6 }, 4)).toEqual([0, 2, 3, 5]);
  });
});

describe('even windows for reading by key frames', () => {
  it.each([
    [
      12,
      [
        [0, 4],
        [4, 8],
        [8, 12],
      ],
    ],
    [
      9,
      [
        [0, 4],
        [4, 8],
        [8, 9],
      ],
    ],
    [
      8.9,
      [
        [0, 4],
        [4, 8.9],
      ],
    ],
    [2, [[0, 2]]],
  ])('divides %s seconds', (duration, expected) => {
    expect(evenWindows(duration, 4).map((window) => [window.start, window.end])).toEqual(expected);
  });
});
