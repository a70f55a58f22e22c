import fc from 'fast-check';
import type { Cue } from '../../../electron/engine/captions/cue.ts';

/** A cue of the model's, for tests that care only about times and words. */
export function cue(start: number, end: number, text: string, more: Partial<Cue> = {}): Cue {
  return { start, end, text, confidence: 1, source: 'file', ...more };
}

/** Lines with everything that formats trip over: markup, arrows, entities, quotes, numbers, right-to-left, emoji. */
const awkward = fc.constantFrom(
  ...[
    '<i>',
    '</i>',
    '<v Ann>',
    '{\\an8}',
    '-->',
    '->',
    '&amp;',
    '&',
    '<',
    '>',
    '"',
    "'",
    ',',
    ';',
    '42',
    'NOTE',
    'WEBVTT',
  ],
  ...[
    '00:00:01,000 --> 00:00:02,000',
    'שלום',
    '🎬',
    'naïve',
    '=1+1',
    'STYLE',
    '- Yes.',
    '<00:01.000>',
    '\u00A0',
  ],
);
const word = fc.oneof(fc.stringMatching(/^[a-zA-Z.,!?]{1,12}$/), awkward);
const line = fc
  .array(word, { minLength: 1, maxLength: 6 })
  .map((words) => words.join(' ').trim())
  .filter((text) => text !== '');

/** Cues as a person may have typed them: on whole milliseconds, in order, one to three lines each. */
export const typedCues = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 90_000 }),
      length: fc.integer({ min: 1, max: 20_000 }),
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 12 },
  )
  .map((rows) => {
    let clock = 0;
    return rows.map(({ gap, length, lines }) => {
      const start = clock + gap;
      clock = start + length;
      return cue(start / 1000, clock / 1000, lines.join('\n'));
    });
  });
