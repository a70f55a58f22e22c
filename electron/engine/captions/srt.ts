/** SubRip (.srt). It has no specification and no escapes; this is the form that players agree on. */
import { writableCues, type Cue } from './cue.ts';
import { readLines, type SubtitleDialect, type Subtitles } from './reading.ts';
import { clockTime } from './timecode.ts';

/** U+2060, which shows nothing: put where text would otherwise read as markup, and taken out again on reading. */
const GUARD = '\u2060';
const MARKUP = /<\/?(?:i|b|u|s|em|strong|font)\s*>|<font\s[^<>]*>|\{\\[^{}\s]{1,40}\}/gi;

/** Numbers from 1, comma decimals, an empty line after each cue, UTF-8 without a byte order mark. */
export function writeSrt(cues: readonly Cue[]): string {
  return writableCues(cues)
    .map((cue, index) => {
      const text = cue.text
        .replaceAll('->', `-${GUARD}>`)
        .replace(/<(?=[/a-z])/gi, `<${GUARD}`)
        .replaceAll('{\\', `{${GUARD}\\`);
      return `${index + 1}\n${clockTime(cue.start, ',')} --> ${clockTime(cue.end, ',')}\n${text}\n`;
    })
    .join('\n');
}

const dialect: SubtitleDialect = {
  format: 'srt',
  plain: (line) => line.replace(MARKUP, '').replace(/([<{-])\u2060/g, '$1'),
  isComment: () => false,
  namedCues: false,
};

/** Reads SRT, however it was written: see `reading.ts` for what is repaired and reported. */
export function readSrt(text: string): Subtitles {
  return readLines(subtitleLines(text), dialect);
}

/** Lines of a file with any kind of line end, without a byte order mark. */
export function subtitleLines(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n|[\r\n]/);
}
