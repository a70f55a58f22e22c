import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clock,
  clockTenths,
  parseClock,
  remaining,
  span,
  timecode,
} from '../../../renderer/src/format/time.ts';

describe('Times', () => {
  it.each([
    [0, '0:00'],
    [59.99, '0:59'],
    [192, '3:12'],
    [3792, '1:03:12'],
    [-1, '0:00'],
  ])('%d seconds are written %s', (seconds, written) => {
    expect(clock(seconds)).toBe(written);
  });

  it.each([
    [0, 25, '00:00:00:00'],
    [3.32, 25, '00:00:03:08'],
    [3600, 30, '01:00:00:00'],
    [1, 30000 / 1001, '00:00:01:00'],
    [2, 0, '00:00:02:00'],
  ])('%d seconds at %d frames a second are timecode %s', (seconds, rate, written) => {
    expect(timecode(seconds, rate)).toBe(written);
  });

  it('counts every frame of a second once, though frame times are not exact in binary', () => {
    for (const rate of [24, 25, 29.97, 30, 50, 60]) {
      const frames = Array.from({ length: Math.floor(rate) }, (_, k) => timecode(k / rate, rate));
      expect(new Set(frames).size).toBe(frames.length);
    }
  });

  it.each([
    ['3.5', 3.5],
    ['2:03', 123],
    ['1:02:03,5', 3723.5],
    ['', null],
    ['a:b', null],
    ['1:2:3:4', null],
  ])('%j is read as %s', (text, seconds) => {
    expect(parseClock(text)).toBe(seconds);
  });

  it('what is written to a tenth is read back to a tenth', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 360_000, noNaN: true }), (seconds) => {
        expect(Math.abs((parseClock(clockTenths(seconds)) ?? NaN) - seconds)).toBeLessThanOrEqual(0.0501);
      }),
    );
  });

  it.each([
    [10, 'under a minute'],
    [70, 'about a minute'],
    [240, '4 minutes'],
    [3600, '1 h'],
    [4800, '1 h 20 min'],
  ])('%d seconds left are %s', (seconds, words) => {
    expect(remaining(seconds)).toBe(words);
  });

  it.each([
    [42, '42 s'],
    [720, '12 min'],
    [12_240, '3.4 h'],
    [4_334_400, '1,204 h'],
  ])('%d seconds of video are %s', (seconds, words) => {
    expect(span(seconds)).toBe(words);
  });
});
