import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSubtitles, readSubtitles } from '../../../electron/engine/captions/subtitles.ts';
import { writeSrt } from '../../../electron/engine/captions/srt.ts';
import { writeVtt } from '../../../electron/engine/captions/vtt.ts';
import { cue, typedCues } from './cues.ts';

const shown = (text: string): [number, number, string][] =>
  readSubtitles(text).cues.map(({ start, end, text: words }) => [start, end, words]);
const codes = (text: string): [number, string][] =>
  readSubtitles(text).problems.map(({ line, code }) => [line, code]);

describe('writing', () => {
  it('writes SRT with numbers from 1, comma decimals and an empty line between cues', () => {
    expect(writeSrt([cue(0, 1.5, 'One'), cue(61.25, 63, 'Two\nlines')])).toBe(
      '1\n00:00:00,000 --> 00:00:01,500\nOne\n\n2\n00:01:01,250 --> 00:01:03,000\nTwo\nlines\n',
    );
  });

  it('writes WebVTT with its header, dot decimals and escapes', () => {
    expect(writeVtt([cue(0, 1.5, 'a < b & c --> d')])).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\na &lt; b &amp; c --&gt; d\n',
    );
  });

  it('puts cues in time order and leaves out those without words', () => {
    expect(writeSrt([cue(2, 3, 'later'), cue(1, 2, ' \n '), cue(0, 1, 'first\n\n\nsecond line')])).toBe(
      '1\n00:00:00,000 --> 00:00:01,000\nfirst\nsecond line\n\n2\n00:00:02,000 --> 00:00:03,000\nlater\n',
    );
  });

  it.each([
    ['SRT', writeSrt],
    ['WebVTT', writeVtt],
  ] as const)('what is written as %s reads back the same, without a problem', (_, write) => {
    fc.assert(
      fc.property(typedCues, (cues) => {
        const back = readSubtitles(write(cues));
        expect(back.cues).toEqual(cues);
        expect(back.problems).toEqual([]);
        expect(back.loose).toEqual([]);
      }),
    );
  });
});

describe('reading SRT from the wild', () => {
  const plain = '1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld\n';
  const both = [
    [1, 2, 'Hello'],
    [3, 4, 'World'],
  ];

  it.each([
    ['a byte order mark', `\uFEFF${plain}`],
    ['CRLF', plain.replaceAll('\n', '\r\n')],
    ['a lone CR', plain.replaceAll('\n', '\r')],
    ['no final line end', plain.trimEnd()],
    ['empty lines at both ends', `\n\n${plain}\n\n`],
    ['trailing blanks', plain.replaceAll('\n', '  \n')],
    ['an empty line under the times', plain.replaceAll('000\n', '000\n\n')],
    ['an empty line under the number', plain.replace('2\n00', '2\n\n00')],
    ['dots for commas', plain.replaceAll(',', '.')],
    ['a short arrow', plain.replaceAll('-->', '->')],
    ['no hours', plain.replaceAll('00:00:0', '00:0')],
    ['no milliseconds', plain.replaceAll(',000', '')],
    ['coordinates after the times', plain.replaceAll('000\n', '000 X1:40 X2:600 Y1:20 Y2:50\n')],
    ['no empty line between cues', plain.replace('\n\n', '\n')],
    ['italics and colours', plain.replace('Hello', '<i><font color="#fff">Hello</font></i>')],
    ['a position', plain.replace('Hello', '{\\an8}Hello')],
  ])('takes %s', (_, text) => {
    expect(shown(text)).toEqual(both);
    expect(codes(text)).toEqual([]);
  });

  it('says which numbers are wrong and reads on', () => {
    expect(codes(plain.replace('2\n00', '7\n00'))).toEqual([[5, 'bad-number']]);
    expect(shown(plain.replace('2\n00', '7\n00'))).toEqual(both);
    expect(codes(plain.replace('2\n', ''))).toEqual([[5, 'bad-number']]);
  });

  it('keeps text after an empty line with its cue, a number among the words included', () => {
    const text = plain.replace('Hello', 'Hello\n\nagain\n42');
    expect(shown(text)[0]).toEqual([1, 2, 'Hello\nagain\n42']);
    expect(codes(text)).toEqual([[5, 'stray-text']]);
  });

  it('keeps the text of a cue whose times cannot be read, after the cue before it', () => {
    const text = plain.replace('00:00:03,000', '00:xx:03,0');
    expect(shown(text)).toEqual([
      [1, 2, 'Hello'],
      [2, 4, 'World'],
    ]);
    expect(codes(text)).toEqual([[6, 'time-unreadable']]);
  });

  it('keeps text before the first cue apart, and all of a file without times', () => {
    expect(readSubtitles(`Made by Ann\n\n${plain}`).loose).toEqual(['Made by Ann']);
    expect(readSubtitles('Just\nwords').loose).toEqual(['Just', 'words']);
    expect(readSubtitles('').cues).toEqual([]);
  });

  it('keeps an arrow between words as words', () => {
    expect(shown(plain.replace('Hello', 'home --> school'))[0]).toEqual([1, 2, 'home --> school']);
  });

  it('keeps overlaps, puts cues in order, mends an end before its start, and says so', () => {
    const text =
      '1\n00:00:05,000 --> 00:00:08,000\nB\n\n2\n00:00:01,000 --> 00:00:06,000\nA\n\n3\n00:00:05,500 --> 00:00:05,000\nC\n';
    expect(shown(text)).toEqual([
      [1, 6, 'A'],
      [5, 8, 'B'],
      [5.5, 7.5, 'C'],
    ]);
    expect(codes(text)).toEqual([
      [6, 'out-of-order'],
      [10, 'ends-before-start'],
      [10, 'overlap'],
    ]);
  });

  it('leaves out a cue without words, and says so', () => {
    expect(codes('1\n00:00:01,000 --> 00:00:02,000\n<i></i>\n')).toEqual([[2, 'empty-cue']]);
  });

  it('keeps what only looks like markup', () => {
    const text = '<grin> if a <b and c> d, then 2 <3';
    expect(shown(plain.replace('Hello', text))[0]?.[2]).toBe(text);
    expect(shown(`WEBVTT\n\n00:01.000 --> 00:02.000\n${text}`)[0]?.[2]).toBe(text);
  });
});

describe('reading WebVTT from the wild', () => {
  const vtt = [
    'WEBVTT - a title',
    'Kind: captions',
    '',
    'STYLE',
    '::cue { color: red }',
    '',
    'NOTE made by hand',
    'on two lines',
    '',
    'intro',
    '00:01.000 --> 00:02.000 align:start position:10%',
    '<v Ann>Hello &amp; <c.loud>welcome</c>&#33;',
    '',
    'NOTE between cues',
    '',
    '00:00:03.000 --> 00:00:04.000',
    '<00:00:03.500>- One',
    '- Two &unknown; <grin>',
    '',
    'lost and found',
    '',
  ].join('\n');

  it('reads settings, voices, entities, identifiers and notes', () => {
    const read = readSubtitles(vtt);
    expect(read.format).toBe('vtt');
    expect(shown(vtt)).toEqual([
      [1, 2, 'Ann: Hello & welcome!'],
      [3, 4, '- One\n- Two &unknown; <grin>\nlost and found'],
    ]);
    expect(read.comments).toEqual([
      'WEBVTT - a title',
      'Kind: captions',
      'STYLE\n::cue { color: red }',
      'NOTE made by hand\non two lines',
      'intro',
      'NOTE between cues',
    ]);
    expect(codes(vtt)).toEqual([[20, 'stray-text']]);
  });

  it('takes a byte order mark, CRLF and a first cue right under the header', () => {
    expect(shown('\uFEFFWEBVTT\r\n00:01.000 --> 00:02.000\r\nHi')).toEqual([[1, 2, 'Hi']]);
  });
});

describe('decoding', () => {
  const text = '1\n00:00:01,000 --> 00:00:02,000\nCafé\n';
  it.each([
    ['UTF-8', Buffer.from(text, 'utf8')],
    ['UTF-16 little endian', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['Windows-1252', Buffer.from(text, 'latin1')],
  ])('reads %s', (_, bytes) => {
    expect(shown(decodeSubtitles(bytes))).toEqual([[1, 2, 'Café']]);
  });
});
