import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerRange, parseRange } from '../../../electron/hosts/media/range.ts';

describe('a Range header over 1000 bytes', () => {
  it.each([
    ['no header', undefined, 'whole'],
    ['the first bytes', 'bytes=0-99', { first: 0, last: 99 }],
    ['one byte', 'bytes=0-0', { first: 0, last: 0 }],
    ['an open end', 'bytes=500-', { first: 500, last: 999 }],
    ['from the very start, open', 'bytes=0-', { first: 0, last: 999 }],
    ['the last bytes', 'bytes=-100', { first: 900, last: 999 }],
    ['more last bytes than there are', 'bytes=-5000', { first: 0, last: 999 }],
    ['an end beyond the end', 'bytes=990-5000', { first: 990, last: 999 }],
    ['the last byte', 'bytes=999-', { first: 999, last: 999 }],
    ['spaces around', 'bytes= 10-19 ', { first: 10, last: 19 }],
    ['a start at the end', 'bytes=1000-', 'unsatisfiable'],
    ['a start beyond the end', 'bytes=2000-3000', 'unsatisfiable'],
    ['no last bytes', 'bytes=-0', 'unsatisfiable'],
    ['several ranges', 'bytes=0-9,20-29', 'whole'],
    ['an end before the start', 'bytes=20-10', 'whole'],
    ['neither end', 'bytes=-', 'whole'],
    ['another unit', 'items=0-9', 'whole'],
    ['letters', 'bytes=a-b', 'whole'],
    ['a negative start', 'bytes=--5', 'whole'],
    ['nothing after the unit', 'bytes=', 'whole'],
    ['an empty header', '', 'whole'],
  ])('reads %s', (_name, header, expected) => {
    expect(parseRange(header, 1000)).toEqual(expected);
  });

  it('cannot be satisfied by an empty file', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(parseRange('bytes=-5', 0)).toBe('unsatisfiable');
  });

  it('never leads outside the file, whatever it says', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.oneof(fc.string(), rangeText()), (size, header) => {
        const range = parseRange(header, size);
        if (typeof range === 'string') return;
        expect(range.first).toBeGreaterThanOrEqual(0);
        expect(range.first).toBeLessThanOrEqual(range.last);
        expect(range.last).toBeLessThan(size);
      }),
    );
  });
});

describe('the answer', () => {
  it('is the whole file without a range', () => {
    expect(answerRange('GET', undefined, 1000)).toEqual({
      status: 200,
      headers: { 'accept-ranges': 'bytes', 'content-length': '1000' },
      span: { first: 0, last: 999 },
    });
  });

  it('is a part, and says which', () => {
    expect(answerRange('GET', 'bytes=100-199', 1000)).toEqual({
      status: 206,
      headers: { 'accept-ranges': 'bytes', 'content-length': '100', 'content-range': 'bytes 100-199/1000' },
      span: { first: 100, last: 199 },
    });
  });

  it('refuses what lies beyond the end, and says how long the file is', () => {
    expect(answerRange('GET', 'bytes=1000-', 1000)).toEqual({
      status: 416,
      headers: { 'accept-ranges': 'bytes', 'content-range': 'bytes */1000', 'content-length': '0' },
      span: null,
    });
  });

  it('to HEAD has the headers of GET and no body', () => {
    for (const range of [undefined, 'bytes=5-9', 'bytes=9999-']) {
      const { status, headers } = answerRange('GET', range, 1000);
      expect(answerRange('HEAD', range, 1000)).toEqual({ status, headers, span: null });
    }
  });

  it('for an empty file is empty', () => {
    const answer = answerRange('GET', undefined, 0);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '0' }, span: null });
  });
});

function rangeText(): fc.Arbitrary<string> {
  const number = fc.oneof(fc.constant(''), fc.nat(20_000).map(String));
  return fc.tuple(number, number).map(([from, to]) => `bytes=${from}-${to}`);
}
