/**
 * The tolerant reader under SRT and WebVTT. One rule stands above all: no text is ever lost. What cannot be placed in
 * time goes to the cue before it, or to `loose` where there is none, and each such repair is a problem with its line.
 */
import { textLines, type Cue } from './cue.ts';

export type SubtitleFormat = 'srt' | 'vtt';

/** Why a line was not what the format asks for. */
export type ReadingProblemCode =
  | 'time-unreadable'
  | 'odd-time'
  | 'ends-before-start'
  | 'overlap'
  | 'out-of-order'
  | 'stray-text'
  | 'empty-cue'
  | 'bad-number'
  | 'no-header';

/** One thing that was wrong, and where. */
export interface ReadingProblem {
  /** 1 is the first line of the file. */
  readonly line: number;
  readonly code: ReadingProblemCode;
  readonly message: string;
  /** The line as it stands in the file. */
  readonly text: string;
}

/** What a subtitle file says. */
export interface Subtitles {
  readonly format: SubtitleFormat;
  /** In time order. Overlaps are kept as they are. */
  readonly cues: readonly Cue[];
  readonly problems: readonly ReadingProblem[];
  /** Text before the first cue (or in a file without any): it has no time, so it is in no cue. */
  readonly loose: readonly string[];
  /** Header, NOTE, STYLE and REGION blocks of WebVTT, and the identifiers of its cues. */
  readonly comments: readonly string[];
}

/** What differs between the formats. */
export interface SubtitleDialect {
  readonly format: SubtitleFormat;
  /** Markup removed, entities decoded. */
  readonly plain: (line: string) => string;
  /** True where a block that begins with this line holds no text to show. */
  readonly isComment: (line: string) => boolean;
  /** True where any line right before the times, after an empty one, names the cue; otherwise only a number does. */
  readonly namedCues: boolean;
}

interface Timing {
  readonly start: number;
  readonly end: number;
  readonly odd: boolean;
  /** What stands on the line beside the times and is neither a number nor a setting. */
  readonly beside: readonly string[];
}

/** A cue's place among the lines: its label (or its times, without one) and its times. */
interface Anchor {
  readonly first: number;
  readonly times: number;
  readonly timing: Timing | null;
}

const TIME = String.raw`(?:(\d{1,6}) ?: ?)?(\d{1,4}) ?: ?(\d{1,4})(?: ?[.,:] ?(\d{1,9}))?`;
/** The arrow as it should be, wherever it stands on its line. */
const TIMING = new RegExp(String.raw`${TIME}\s*-->\s*${TIME}(?!\d)`);
/** Other arrows count only where they have the line for themselves: "open 10:00 -> 18:00" is text. */
const LOOSE_TIMING = new RegExp(String.raw`^\s*${TIME}\s*-{1,3}>\s*${TIME}(?=\s|$)`);
/** WebVTT settings (`align:start`) and SRT coordinates (`X1:40`). */
const SETTINGS =
  /^(?:\s+(?:align:(?:start|center|middle|end|left|right)|vertical:(?:rl|lr)|(?:line|position|size):[-\d.%]+(?:,[a-z-]{3,10})?|region:\S+|[XY][12]:\d+))*\s*$/i;
/** An arrow with a time somewhere beside it: meant as a timing, whatever became of it. */
const MEANT_AS_TIMING = /\d\s?[:.,]\s?\d.*-->|-->.*\d\s?[:.,]\s?\d/;
/** How long a cue is shown whose own times cannot be used. */
const GUESSED_SECONDS = 2;

const blank = (line: string | undefined): boolean => line === undefined || line.trim() === '';
const isNumber = (line: string): boolean => /^\s*\d{1,9}\s*$/.test(line);

/** The two times of a timing line, in seconds; null where it is none. */
export function parseTiming(line: string): Timing | null {
  const match = TIMING.exec(line) ?? LOOSE_TIMING.exec(line);
  if (!match) return null;
  const at = (first: number): [number, boolean] => {
    const [hours, minutes, seconds] = [0, 1, 2].map((offset) => Number(match[first + offset] ?? 0)) as [
      number,
      number,
      number,
    ];
    const fraction = Number(`0.${match[first + 3] ?? '0'}`);
    const clock = hours * 3600 + minutes * 60 + seconds + fraction;
    return [Math.round(clock * 1000) / 1000, minutes > 59 || seconds > 59];
  };
  const [start, oddStart] = at(1);
  const [end, oddEnd] = at(5);
  const before = line.slice(0, match.index).trim();
  const after = line.slice(match.index + match[0].length);
  const beside = [isNumber(before) ? '' : before, SETTINGS.test(after) ? '' : after.trim()];
  return { start, end, odd: oddStart || oddEnd, beside: beside.filter((text) => text !== '') };
}

function findAnchors(lines: readonly string[], dialect: SubtitleDialect, from: number): Anchor[] {
  const anchors: Anchor[] = [];
  let number = 0;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (!line.includes('>')) continue;
    const timing = parseTiming(line);
    if (!timing && !MEANT_AS_TIMING.test(line)) continue;
    const floor = (anchors.at(-1)?.times ?? from - 1) + 1;
    let first = at;
    const before = at - 1;
    if (before >= floor) {
      const label = lines[before] ?? '';
      const alone = before === from || blank(lines[before - 1]);
      if (isNumber(label) && (alone || Number(label) === number + 1)) first = before;
      else if (dialect.namedCues && alone && !blank(label) && !dialect.isComment(label)) first = before;
      else if (
        blank(label) &&
        before - 1 > floor &&
        isNumber(lines[before - 1] ?? '') &&
        Number(lines[before - 1]) === number + 1
      )
        first = before - 1;
    }
    number = first < at && isNumber(lines[first] ?? '') ? Number(lines[first]) : number + 1;
    anchors.push({ first, times: at, timing });
  }
  return anchors;
}

/** Runs of lines without an empty one between them, with the index of their first line. */
function runs(lines: readonly string[], from: number, to: number): { at: number; lines: string[] }[] {
  const found: { at: number; lines: string[] }[] = [];
  for (let at = from; at < to; at++) {
    const line = lines[at] ?? '';
    if (blank(line)) continue;
    const last = found.at(-1);
    if (last && last.at + last.lines.length === at) last.lines.push(line);
    else found.push({ at, lines: [line] });
  }
  return found;
}

/**
 * Reads the lines of a file from `from` (what lies before is the header, `header` its text).
 * Never throws; every text line is in a cue, in `loose` or in `comments`.
 */
export function readLines(
  lines: readonly string[],
  dialect: SubtitleDialect,
  from = 0,
  header: readonly string[] = [],
): Subtitles {
  const problems: ReadingProblem[] = [];
  const comments: string[] = [...header];
  const loose: string[] = [];
  const report = (index: number, code: ReadingProblemCode, message: string): void => {
    problems.push({ line: index + 1, code, message, text: lines[index] ?? '' });
  };
  const anchors = findAnchors(lines, dialect, from);

  for (const run of runs(lines, from, anchors[0]?.first ?? lines.length)) {
    if (dialect.isComment(run.lines[0] ?? '')) {
      comments.push(run.lines.join('\n'));
      continue;
    }
    report(run.at, 'stray-text', 'Text before the first time: it belongs to no cue.');
    loose.push(...run.lines.flatMap((line) => textLines(dialect.plain(line))));
  }

  const read: { cue: Cue; line: number; guessed: boolean }[] = [];
  let number = 0;
  anchors.forEach((anchor, index) => {
    const label = anchor.first < anchor.times ? (lines[anchor.first] ?? '').trim() : null;
    if (label !== null && isNumber(label)) {
      if (dialect.format === 'srt' && Number(label) !== number + 1) {
        report(anchor.first, 'bad-number', `The cue is numbered ${label}; ${number + 1} was expected.`);
      }
      number = Number(label);
    } else {
      if (label !== null) comments.push(label);
      else if (dialect.format === 'srt') report(anchor.times, 'bad-number', 'The cue has no number.');
      number += 1;
    }

    const text = (anchor.timing?.beside ?? []).flatMap((part) => textLines(dialect.plain(part)));
    if (text.length > 0)
      report(anchor.times, 'stray-text', 'Text on the line of the times: kept with the cue.');
    runs(lines, anchor.times + 1, anchors[index + 1]?.first ?? lines.length).forEach((run, order) => {
      if (order > 0 && dialect.isComment(run.lines[0] ?? '')) {
        comments.push(run.lines.join('\n'));
        return;
      }
      if (order > 0) report(run.at, 'stray-text', 'Text after an empty line: kept with the cue before it.');
      text.push(...run.lines.flatMap((line) => textLines(dialect.plain(line))));
    });

    let { start, end } = anchor.timing ?? { start: NaN, end: NaN };
    const guessed = anchor.timing === null;
    if (guessed) {
      report(anchor.times, 'time-unreadable', 'The times cannot be read: the cue follows the one before it.');
      start = read.at(-1)?.cue.end ?? 0;
      end = start + GUESSED_SECONDS;
    } else if (anchor.timing.odd) {
      report(anchor.times, 'odd-time', 'Minutes or seconds above 59: counted as they stand.');
    }
    if (end < start) {
      report(
        anchor.times,
        'ends-before-start',
        `The cue ends before it starts: shown for ${GUESSED_SECONDS} s.`,
      );
      end = start + GUESSED_SECONDS;
    }
    if (text.length === 0) {
      report(anchor.times, 'empty-cue', 'The cue has no text: left out.');
      return;
    }
    read.push({
      cue: { start, end, text: text.join('\n'), confidence: 1, source: 'file' },
      line: anchor.times,
      guessed,
    });
  });

  read.forEach(({ cue, line, guessed }, index) => {
    const previous = read[index - 1];
    if (!previous || guessed) return;
    if (cue.start < previous.cue.start)
      report(line, 'out-of-order', 'The cue starts before the one above it.');
    else if (cue.start < previous.cue.end)
      report(line, 'overlap', 'The cue starts while the one above it is still shown.');
  });
  problems.sort((a, b) => a.line - b.line);
  const cues = read.map(({ cue }) => cue).sort((a, b) => a.start - b.start);
  return { format: dialect.format, cues, problems, loose, comments };
}
