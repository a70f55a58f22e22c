/**
 * The timed-text rules as a lint: at most two lines of 42 characters, 5/6 s to 7 s on screen, at most 20 characters a
 * second, two frames between cues, no overlap, never across a cut. Each finding has a quick fix. Pure.
 */
import { missingCase } from '../errors.ts';
import type { Cue } from './cue.ts';
import { breakLines, characters, halves, MOST_LINE_CHARACTERS, MOST_LINES } from './line-breaks.ts';
import {
  gapSeconds,
  LEAST_SECONDS,
  MOST_SECONDS,
  MOST_SPEED,
  nextCut,
  type TimingContext,
} from './timing.ts';

/** The rules, each named for what is wrong. */
export type LintRule =
  | 'line-length'
  | 'line-count'
  | 'too-short'
  | 'too-long'
  | 'reading-speed'
  | 'overlap'
  | 'gap'
  | 'crosses-cut';

/** One cue that breaks one rule. */
export interface LintFinding {
  readonly rule: LintRule;
  /** Index among the cues given. */
  readonly cue: number;
  readonly message: string;
  /** False where no quick fix can help (a shot too short for its text: only fewer words do). */
  readonly fixable: boolean;
}

/** Times closer than this are the same: half a millisecond, which is what subtitle files round to. */
const SAME = 0.0005;

const speedOf = (cue: Cue): number =>
  characters(cue.text.replaceAll('\n', ' ')) / Math.max(SAME, cue.end - cue.start);
const shown = (seconds: number): string => `${seconds.toFixed(2)} s`;

/** The cut that a cue runs across; undefined where it keeps to its shot. */
function cutInside(cue: Cue, cuts: readonly number[]): number | undefined {
  return cuts.find((cut) => cut > cue.start + SAME && cut < cue.end - SAME);
}

function broken(
  cues: readonly Cue[],
  index: number,
  context: TimingContext,
): { rule: LintRule; message: string }[] {
  const cue = cues[index];
  if (!cue) return [];
  const found: { rule: LintRule; message: string }[] = [];
  const add = (rule: LintRule, message: string): number => found.push({ rule, message });
  const lines = cue.text.split('\n');
  const longest = Math.max(...lines.map(characters));
  if (longest > MOST_LINE_CHARACTERS)
    add('line-length', `A line has ${longest} characters; ${MOST_LINE_CHARACTERS} fit.`);
  if (lines.length > MOST_LINES) add('line-count', `${lines.length} lines; ${MOST_LINES} fit.`);
  const seconds = cue.end - cue.start;
  if (seconds < LEAST_SECONDS - SAME)
    add('too-short', `Shown for ${shown(seconds)}; the eye needs ${shown(LEAST_SECONDS)}.`);
  if (seconds > MOST_SECONDS + SAME)
    add('too-long', `Shown for ${shown(seconds)}; ${shown(MOST_SECONDS)} is enough.`);
  if (speedOf(cue) > MOST_SPEED + 0.01) {
    add('reading-speed', `${speedOf(cue).toFixed(1)} characters a second; ${MOST_SPEED} can be read.`);
  }
  const next = cues[index + 1];
  const gap = gapSeconds(context.frameRate);
  if (next && next.start < cue.end - SAME)
    add('overlap', `Still shown when the next begins at ${shown(next.start)}.`);
  else if (next && next.start - cue.end < gap - SAME) add('gap', `Less than two frames before the next one.`);
  const cut = cutInside(cue, context.cuts);
  if (cut !== undefined) add('crosses-cut', `Shown across the cut at ${shown(cut)}.`);
  return found;
}

/** Every rule that every cue breaks; the cues are in time order. */
export function lint(cues: readonly Cue[], context: TimingContext): LintFinding[] {
  return cues.flatMap((_, index) =>
    broken(cues, index, context).map(({ rule, message }) => ({
      rule,
      cue: index,
      message,
      fixable: quickFix(cues, index, rule, context) !== null,
    })),
  );
}

/** The earliest and the latest that a cue may be shown: neither neighbours, nor cuts, nor the file's end allow more. */
function room(cues: readonly Cue[], index: number, context: TimingContext): { from: number; to: number } {
  const cue = cues[index];
  const gap = gapSeconds(context.frameRate);
  const start = cue?.start ?? 0;
  const shot = context.cuts.reduce((latest, cut) => (cut <= start + SAME && cut > latest ? cut : latest), 0);
  const before = cues[index - 1];
  return {
    from: Math.max(shot, before ? before.end + gap : 0),
    to: Math.min(
      nextCut(context.cuts, start) - gap,
      (cues[index + 1]?.start ?? Infinity) - gap,
      context.duration,
    ),
  };
}

/** The cue lasting `seconds`: its end moves first, then its start; null where there is no room. */
function lasting(cues: readonly Cue[], index: number, seconds: number, context: TimingContext): Cue | null {
  const cue = cues[index];
  if (!cue) return null;
  const { from, to } = room(cues, index, context);
  const end = Math.max(cue.end, Math.min(to, cue.start + seconds));
  const start = Math.min(cue.start, Math.max(from, end - seconds));
  return end - start >= seconds - SAME ? { ...cue, start, end } : null;
}

/** A cue whose text needs more than two lines, as two cues that share its time by their length. */
function inTwo(cue: Cue, context: TimingContext): Cue[] | null {
  const texts = halves(cue.text.replaceAll('\n', ' '));
  if (!texts) return null;
  const [first, second] = texts;
  const gap = gapSeconds(context.frameRate);
  const share = characters(first) / (characters(first) + characters(second));
  const middle = cue.start + (cue.end - cue.start - gap) * share;
  const parts = [
    { ...cue, end: middle, text: breakLines(first).join('\n') },
    { ...cue, start: middle + gap, text: breakLines(second).join('\n') },
  ];
  return parts.every(({ start, end }) => end > start) ? parts : null;
}

function replacement(
  cues: readonly Cue[],
  index: number,
  rule: LintRule,
  context: TimingContext,
): readonly Cue[] | null {
  const cue = cues[index];
  if (!cue) return null;
  const next = cues[index + 1];
  const only = (fixed: Cue | null): Cue[] | null => (fixed ? [fixed] : null);
  switch (rule) {
    case 'line-length':
    case 'line-count': {
      const lines = breakLines(cue.text.replaceAll('\n', ' '));
      if (lines.length > MOST_LINES) return inTwo(cue, context);
      return lines.every((line) => characters(line) <= MOST_LINE_CHARACTERS)
        ? [{ ...cue, text: lines.join('\n') }]
        : null;
    }
    case 'too-short':
      return only(lasting(cues, index, LEAST_SECONDS, context));
    case 'too-long':
      return [{ ...cue, end: cue.start + MOST_SECONDS }];
    case 'reading-speed': {
      const seconds = (speedOf(cue) * (cue.end - cue.start)) / MOST_SPEED;
      return only(seconds <= MOST_SECONDS ? lasting(cues, index, seconds, context) : null);
    }
    case 'gap':
    case 'overlap': {
      if (!next) return null;
      const end = next.start - gapSeconds(context.frameRate);
      return end > cue.start ? [{ ...cue, end }] : null;
    }
    case 'crosses-cut': {
      const cut = cutInside(cue, context.cuts);
      if (cut === undefined) return null;
      const before = { ...cue, end: cut - gapSeconds(context.frameRate) };
      const after = { ...cue, start: cut };
      return [before.end - before.start >= after.end - after.start ? before : after];
    }
    default:
      return missingCase(rule);
  }
}

/** The cues with one rule mended at one cue (which may become two); null where the rule's fix cannot help. */
export function quickFix(
  cues: readonly Cue[],
  index: number,
  rule: LintRule,
  context: TimingContext,
): Cue[] | null {
  const fixed = replacement(cues, index, rule, context);
  return fixed ? [...cues.slice(0, index), ...fixed, ...cues.slice(index + 1)] : null;
}

/** How many rules are broken from one cue to another, both included. */
function brokenBetween(cues: readonly Cue[], from: number, to: number, context: TimingContext): number {
  let count = 0;
  for (let index = Math.max(0, from); index <= Math.min(to, cues.length - 1); index++) {
    count += broken(cues, index, context).length;
  }
  return count;
}

/** One fix at a cue that mends more than it breaks there and at its neighbours; null where there is none. */
function bestFix(cues: readonly Cue[], index: number, context: TimingContext): Cue[] | null {
  const before = brokenBetween(cues, index - 1, index + 1, context);
  for (const { rule } of broken(cues, index, context)) {
    const fixed = quickFix(cues, index, rule, context);
    const grown = (fixed?.length ?? 0) - cues.length;
    if (fixed && brokenBetween(fixed, index - 1, index + 1 + grown, context) < before) return fixed;
  }
  return null;
}

/** Everything that quick fixes can mend, mended, cue by cue. */
export function fixAll(cues: readonly Cue[], context: TimingContext): Cue[] {
  let current = [...cues].sort((a, b) => a.start - b.start || a.end - b.end);
  for (let index = 0; index < current.length; index++) {
    for (let fixed = bestFix(current, index, context); fixed; fixed = bestFix(current, index, context))
      current = fixed;
  }
  return current;
}
