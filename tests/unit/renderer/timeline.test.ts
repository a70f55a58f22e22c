import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  neighbour,
  pan,
  rulerTimes,
  timeAt,
  wholeView,
  xOf,
  zoom,
} from '../../../renderer/src/player/timeline.ts';

const view = fc
  .record({
    from: fc.double({ min: 0, max: 1e4, noNaN: true }),
    length: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
  })
  .map(({ from, length }) => ({ from, to: from + length }));

describe('The timeline', () => {
  it('finds the time under the pixel that a time lies at', () => {
    fc.assert(
      fc.property(
        view,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 100, max: 4000 }),
        (shown, share, width) => {
          const time = shown.from + share * (shown.to - shown.from);
          expect(timeAt(shown, width, xOf(shown, width, time))).toBeCloseTo(time, 5);
        },
      ),
    );
  });

  it('never leaves the video, however it is zoomed and moved', () => {
    const step = fc.record({
      factor: fc.double({ min: 0.1, max: 10, noNaN: true }),
      around: fc.double({ min: 0, max: 1, noNaN: true }),
      by: fc.double({ min: -500, max: 500, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 2e4, noNaN: true }),
        fc.array(step, { maxLength: 12 }),
        (duration, steps) => {
          let shown = wholeView(duration);
          for (const { factor, around, by } of steps) {
            shown = zoom(shown, duration, factor, shown.from + around * (shown.to - shown.from));
            shown = pan(shown, duration, by);
            expect(shown.from).toBeGreaterThanOrEqual(0);
            expect(shown.to).toBeLessThanOrEqual(duration + 1e-6);
            expect(shown.to).toBeGreaterThan(shown.from);
          }
        },
      ),
    );
  });

  it('keeps the time under the pointer in its place while zooming', () => {
    const shown = zoom({ from: 0, to: 100 }, 100, 0.5, 40);
    expect(xOf(shown, 1000, 40)).toBeCloseTo(400);
  });

  it('marks round times, no closer than asked', () => {
    expect(rulerTimes({ from: 0, to: 60 }, 600, 76)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(rulerTimes({ from: 3590, to: 3602 }, 1200, 76)).toEqual([
      3590, 3591, 3592, 3593, 3594, 3595, 3596, 3597, 3598, 3599, 3600, 3601, 3602,
    ]);
    expect(rulerTimes({ from: 0, to: 10 }, 0, 76)).toEqual([]);
  });

  it('finds the next and the previous time, and moves on from the one that it stands on', () => {
    const peaks = [2, 8, 15];
    expect(neighbour(peaks, 0, 1)).toBe(2);
    expect(neighbour(peaks, 2.01, 1)).toBe(8);
    expect(neighbour(peaks, 8, -1)).toBe(2);
    expect(neighbour(peaks, 15, 1)).toBeNull();
    expect(neighbour([], 1, -1)).toBeNull();
  });
});
