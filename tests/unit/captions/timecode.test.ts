import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clockTime,
  EDIT_RATES,
  editRate,
  frameAt,
  frameOfTimecode,
  rationalTime,
  secondsAt,
  timecode,
  type FrameRate,
} from '../../../electron/engine/captions/timecode.ts';

const NTSC: FrameRate = [30_000, 1001];
const NTSC_DOUBLE: FrameRate = [60_000, 1001];
const rates = fc.constantFrom(...EDIT_RATES);
const frames = fc.integer({ min: 0, max: 24 * 3600 * 60 });

describe('timecode', () => {
  it.each([
    [0, NTSC, '00:00:00;00'],
    [1799, NTSC, '00:00:59;29'],
    [1800, NTSC, '00:01:00;02'],
    [17_981, NTSC, '00:09:59;29'],
    [17_982, NTSC, '00:10:00;00'],
    [107_892, NTSC, '01:00:00;00'],
    [3599, NTSC_DOUBLE, '00:00:59;59'],
    [3600, NTSC_DOUBLE, '00:01:00;04'],
    [35_964, NTSC_DOUBLE, '00:10:00;00'],
    [86_400, [24_000, 1001], '01:00:00:00'],
    [90_000, [25, 1], '01:00:00:00'],
  ] as [number, FrameRate, string][])('writes frame %i at %j as %s', (frame, rate, code) => {
    expect(timecode(frame, rate)).toBe(code);
    expect(frameOfTimecode(code, rate)).toBe(frame);
  });

  it('names every frame once: reading the timecode gives the frame back', () => {
    fc.assert(
      fc.property(frames, rates, (frame, rate) => frameOfTimecode(timecode(frame, rate), rate) === frame),
    );
  });

  it('stays within a quarter of a second of the clock in drop-frame, for two days', () => {
    fc.assert(
      fc.property(frames, fc.constantFrom(NTSC, NTSC_DOUBLE), (frame, rate) => {
        const [clock = '', count = '0'] = timecode(frame, rate).split(';');
        const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
        const shown = hours * 3600 + minutes * 60 + seconds + Number(count) / Math.round(rate[0] / rate[1]);
        return Math.abs(shown - secondsAt(frame, rate)) < 0.25;
      }),
    );
  });

  it.each(['00:01:00;00', '00:01:00;01', '23:59:00;01'])('refuses %s, which drop-frame skips', (code) => {
    expect(() => frameOfTimecode(code, NTSC)).toThrow(/Drop-frame timecode has no/);
  });

  it.each(['', '1:00:00:00', '00:00:00:30', '00:60:00:00', '00:00:00'])('refuses %j', (code) => {
    expect(() => frameOfTimecode(code, [30, 1])).toThrow(/Not a timecode/);
  });
});

describe('frames', () => {
  it('are found again from the time at which they begin', () => {
    fc.assert(fc.property(frames, rates, (frame, rate) => frameAt(secondsAt(frame, rate), rate) === frame));
  });

  it.each([
    [1, NTSC, '1001/30000s'],
    [30_000, NTSC, '1001s'],
    [125, [25, 1], '5s'],
    [1, [24_000, 1001], '1001/24000s'],
    [3, NTSC_DOUBLE, '3003/60000s'],
  ] as [number, FrameRate, string][])('%i at %j last %s', (count, rate, time) => {
    expect(rationalTime(count, rate)).toBe(time);
  });

  it.each([
    [
      [2997, 100],
      [30_000, 1001],
    ],
    [
      [24_000, 1001],
      [24_000, 1001],
    ],
    [
      [15, 1],
      [24_000, 1001],
    ],
    [
      [120, 1],
      [60, 1],
    ],
    [
      [0, 0],
      [25, 1],
    ],
  ] as [FrameRate, FrameRate][])('a file at %j is edited at %j', (own, edited) => {
    expect(editRate(own)).toEqual(edited);
  });
});

describe('clock times', () => {
  it.each([
    [0, '00:00:00,000'],
    [61.0006, '00:01:01,001'],
    [59.9996, '00:01:00,000'],
    [359_999.999, '99:59:59,999'],
    [-1, '00:00:00,000'],
  ])('shows %d s as %s', (seconds, shown) => {
    expect(clockTime(seconds, ',')).toBe(shown);
  });
});
