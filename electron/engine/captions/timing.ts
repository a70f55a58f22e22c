/**
 * From what is said of a stretch to what can be shown: statements may last a minute or half a second; a subtitle is
 * up to seven seconds, long enough to be read, two frames from the next, and never across a cut. Pure.
 */
import type { Cue } from './cue.ts';
import { breakLines, characters, MOST_LINE_CHARACTERS, MOST_LINES } from './line-breaks.ts';
import type { FrameRate } from './timecode.ts';
import { shorten } from './wording.ts';

/** Seconds that any text stays at least, and at most. */
export const LEAST_SECONDS = 5 / 6;
export const MOST_SECONDS = 7;
/** Characters a second that adults read with ease, and that they can follow at most. */
export const EASY_SPEED = 17;
export const MOST_SPEED = 20;
/** Frames between two cues, so that the eye sees the change. */
export const GAP_FRAMES = 2;

/** What the rules must know of the file. */
export interface TimingContext {
  readonly frameRate: FrameRate;
  /** Where shots begin, in seconds. */
  readonly cuts: readonly number[];
  /** Length of the file in seconds. */
  readonly duration: number;
}

/** The gap between two cues in seconds. */
export function gapSeconds([numerator, denominator]: FrameRate): number {
  return numerator > 0 ? (GAP_FRAMES * denominator) / numerator : GAP_FRAMES / 25;
}

/** The nearest cut at or after a time; infinity after the last. */
export function nextCut(cuts: readonly number[], at: number): number {
  return cuts.reduce((nearest, cut) => (cut > at + 1e-6 && cut < nearest ? cut : nearest), Infinity);
}

/** A statement's text as it fits two lines and the time there is; null where no form of it can be read. */
function fit(text: string, seconds: number): string | null {
  let most = Math.min(MOST_LINES * MOST_LINE_CHARACTERS, Math.floor(seconds * MOST_SPEED));
  for (;;) {
    const short = shorten(text, most);
    if (short === null) return null;
    const lines = breakLines(short);
    if (lines.length <= MOST_LINES) return lines.join('\n');
    most = Math.min(most, characters(short)) - 1;
  }
}

/**
 * Cues that keep the timed-text rules from the model's statements. A long one is shown for its first seven seconds and
 * not again: what goes on needs no second telling. One whose shot is too short for any text is left out. A person's cues, and a file's, stay as they are, and the model's
 * make room for a person's.
 */
export function timeCues<C extends Cue>(statements: readonly C[], context: TimingContext): C[] {
  const gap = gapSeconds(context.frameRate);
  const ordered = [...statements].sort((a, b) => a.start - b.start || a.end - b.end);
  return ordered.flatMap((statement, index) => {
    if (statement.source !== 'model' || statement.end <= statement.start) return [statement];
    const next = ordered.slice(index + 1).find(({ start }) => start > statement.start)?.start ?? Infinity;
    const start = ordered
      .slice(0, index)
      .reduce(
        (free, { end, source }) => (source === 'model' ? free : Math.max(free, end + gap)),
        statement.start,
      );
    const last = Math.min(next - gap, nextCut(context.cuts, start) - gap, context.duration);
    const whole = Math.min(Math.max(statement.end, start + LEAST_SECONDS), last) - start;
    if (whole < LEAST_SECONDS - 1e-6) return [];
    const end = start + Math.min(whole, MOST_SECONDS);
    const text = fit(statement.text, end - start);
    return text === null ? [] : [{ ...statement, start, end, text }];
  });
}
