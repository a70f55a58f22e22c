import type { CaptionSource } from '../library/types.ts';

/** One timed text: what a subtitle file, an edit list and the captions tab all hold. Seconds on the player's clock. */
export interface Cue {
  readonly start: number;
  readonly end: number;
  /** One or more lines, separated by `\n`; no line is empty. */
  readonly text: string;
  /** 0 to 1; 1 for a person's own words and for those of a file. */
  readonly confidence: number;
  readonly source: CaptionSource;
}

/** The lines of a text that a subtitle file can hold: trimmed, without the empty ones (an empty line ends a cue). */
export function textLines(text: string): string[] {
  return text
    .split(/\r\n|[\r\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The cues worth writing, in time order: those without words are left out, texts are reduced to their lines. */
export function writableCues(cues: readonly Cue[]): Cue[] {
  return cues
    .map((cue) => ({ ...cue, text: textLines(cue.text).join('\n') }))
    .filter((cue) => cue.text !== '')
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** A text on one line, for formats whose fields cannot hold a line break. */
export function singleLine(text: string): string {
  return textLines(text).join(' ');
}
