/** WebVTT (.vtt), after the W3C specification; the reader also takes what the specification would drop. */
import { writableCues, type Cue } from './cue.ts';
import { readLines, type SubtitleDialect, type Subtitles } from './reading.ts';
import { subtitleLines } from './srt.ts';
import { clockTime } from './timecode.ts';

const VOICE = /<v(?:\.[^\s<>]*)?\s+([^<>]*)>/gi;
const MARKUP = /<\/?(?:c|i|b|u|v|ruby|rt|lang)(?:\.[^\s<>]*)?\s*>|<lang\s[^<>]*>|<\d[\d:.]*>/gi;
const ENTITY = /&(amp|lt|gt|nbsp|lrm|rlm|quot|#\d{1,7}|#x[\da-f]{1,6});/gi;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00A0',
  lrm: '\u200E',
  rlm: '\u200F',
  quot: '"',
};

/** `WEBVTT`, dot decimals, `&`, `<` and `>` escaped (so that no text can read as an arrow or a tag). */
export function writeVtt(cues: readonly Cue[]): string {
  const blocks = writableCues(cues).map((cue) => {
    const text = cue.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return `${clockTime(cue.start, '.')} --> ${clockTime(cue.end, '.')}\n${text}\n`;
  });
  return ['WEBVTT\n', ...blocks].join('\n');
}

function decodeEntity(whole: string, name: string): string {
  if (!name.startsWith('#')) return NAMED[name.toLowerCase()] ?? whole;
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
}

const dialect: SubtitleDialect = {
  format: 'vtt',
  plain: (line) =>
    line
      .replace(VOICE, (_, name: string) => (name.trim() === '' ? '' : `${name.trim()}: `))
      .replace(MARKUP, '')
      .replace(ENTITY, decodeEntity),
  isComment: (line) => /^(?:NOTE(?:\s|$)|(?:STYLE|REGION)\s*$)/.test(line),
  namedCues: true,
};

/** Reads WebVTT: voices become "Name: ", other markup goes, header and notes are kept as comments. */
export function readVtt(text: string): Subtitles {
  const lines = subtitleLines(text);
  const header: string[] = [];
  let from = 0;
  if (lines[0]?.startsWith('WEBVTT') === true) {
    header.push(lines[0]);
    from = 1;
    while (from < lines.length && (lines[from] ?? '').trim() !== '' && !(lines[from] ?? '').includes('-->')) {
      header.push(lines[from] ?? '');
      from += 1;
    }
  }
  return readLines(lines, dialect, from, header);
}
