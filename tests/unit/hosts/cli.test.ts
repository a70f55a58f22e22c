import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { aboutText, bytesText, clockText, countText, tookText } from '../../../electron/hosts/cli/format.ts';
import { secondsOf } from '../../../electron/hosts/cli/moments.ts';
import { editDistance, nearest } from '../../../electron/hosts/cli/suggest.ts';
import { Terminal } from '../../../electron/hosts/cli/terminal.ts';

describe('words for people', () => {
  it('say times, sizes and counts', () => {
    expect([0, 59.999999, 65, 3723].map((seconds) => clockText(seconds))).toEqual([
      '0:00',
      '1:00',
      '1:05',
      '1:02:03',
    ]);
    expect([0.05, 9.96, 61.3].map((seconds) => clockText(seconds, true))).toEqual([
      '0:00.0',
      '0:09.9',
      '1:01.3',
    ]);
    expect([0.42, 12.4, 90].map(tookText)).toEqual(['0.4 s', '12 s', '1:30']);
    expect([3, 44, 600, 9000].map(aboutText)).toEqual([
      'a few seconds',
      'about 40 s',
      'about 10 min',
      'about 2.5 h',
    ]);
    expect([999, 1500, 2_345_678, 5e11].map(bytesText)).toEqual(['999 B', '1.5 kB', '2.3 MB', '500 GB']);
    expect([countText(1, 'clip'), countText(0, 'clip')]).toEqual(['1 clip', '0 clips']);
  });

  it('understand times in seconds and as a clock shows them', () => {
    expect(['75', '1:15', '1:01:15', '0.5'].map((text) => secondsOf('at', text))).toEqual([
      75, 75, 3675, 0.5,
    ]);
    for (const text of ['', 'x', '1:2:3:4', '-5', '1:x'])
      expect(() => secondsOf('at', text)).toThrow(/is not a time/);
  });
});

describe('a mistyped command', () => {
  it('is told the nearest one, where one is near', () => {
    const names = ['index', 'search', 'similar', 'status'];
    expect(['serch', 'seacrh', 'INDEX', 'indx', 'stats'].map((word) => nearest(word, names))).toEqual([
      'search',
      'search',
      'index',
      'index',
      'status',
    ]);
    expect(nearest('banana', names)).toBeUndefined();
  });

  it('is measured in letters added, left out, changed or swapped', () => {
    expect([editDistance('', 'abc'), editDistance('ca', 'ac'), editDistance('kitten', 'sitting')]).toEqual([
      3, 1, 3,
    ]);
  });
});

describe('an error', () => {
  it('names the file without the control characters that its name may hold', () => {
    const [out, err] = [new PassThrough(), new PassThrough()];
    const path = '/films/new\nline\u001B[2J.mp4';
    new Terminal({ out, err }).error({ code: 'unreadable', message: 'It cannot be read.', path });
    expect(String(err.read())).toBe('tubelet: It cannot be read. (/films/new?line?[2J.mp4)\n');
  });
});

describe('the progress bar', () => {
  const draw = (isTTY: boolean, what = '1/2  film.mp4'): string => {
    const err = Object.assign(new PassThrough(), { isTTY, columns: 60 });
    const out = new PassThrough();
    const terminal = new Terminal({ out, err });
    terminal.progress(0.5, what, 42);
    terminal.note('a word');
    return String(err.read());
  };

  it('is drawn on a terminal and wiped away before anything else is written', () => {
    expect(draw(true)).toBe(
      '\r\u001B[K██████████░░░░░░░░░░  50 %  about 40 s left  1/2  film.mp4\r\u001B[Ka word\n'.replace(
        '  50 %',
        '  50 %'.padStart(6),
      ),
    );
  });

  it('stays on its line and keeps the time left, whatever the file is called', () => {
    const [, bar = ''] = draw(true, '1/2  new\nline and a very long name indeed.mp4').split('\r\u001B[K');
    expect(bar).toContain('about 40 s left  1/2  new?line');
    expect(bar).toHaveLength(59);
  });

  it('is not drawn in a pipe', () => {
    expect(draw(false)).toBe('a word\n');
  });
});
