/** Where a text breaks into the lines of a subtitle: after punctuation, before conjunctions and prepositions, balanced. */

/** The timed-text convention: two lines of 42 characters. */
export const MOST_LINES = 2;
export const MOST_LINE_CHARACTERS = 42;

const BREAK_BEFORE = new Set(
  (
    'and but or nor so yet because while when where who which that if as than ' +
    'in on at with of from by near under over behind beside through across into onto along around against to for'
  ).split(' '),
);
/** Words that belong to the word after them. */
const NEVER_LAST = new Set(['a', 'an', 'the', 'his', 'her', 'their', 'my', 'your', 'its', 'to', 'of']);

const plain = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Characters as a reader counts them: what is shown as one counts as one. */
export function characters(text: string): number {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length;
}

/** What it costs to break between two words; less is better. */
function breakCost(before: string, after: string): number {
  if (/[.!?…]["')]*$/.test(before)) return 0;
  if (/[,;:–-]$/.test(before)) return 4;
  if (NEVER_LAST.has(plain(before))) return 30;
  return BREAK_BEFORE.has(plain(after)) ? 8 : 16;
}

/** The best place (a number of words) to break in two so that both lines fit `width`; null where none fits. */
function bestBreak(words: readonly string[], width: number): number | null {
  let best: number | null = null;
  let least = Infinity;
  for (let at = 1; at < words.length; at++) {
    const first = characters(words.slice(0, at).join(' '));
    const second = characters(words.slice(at).join(' '));
    if (first > width || second > width) continue;
    const cost = breakCost(words[at - 1] ?? '', words[at] ?? '') + Math.abs(first - second);
    if (cost < least) [best, least] = [at, cost];
  }
  return best;
}

/**
 * The lines of a text, each at most `width` characters where its words allow it: one line where it fits, the best two
 * where two hold it, otherwise as many as it takes.
 */
export function breakLines(text: string, width = MOST_LINE_CHARACTERS): string[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const whole = words.join(' ');
  if (characters(whole) <= width) return whole === '' ? [] : [whole];
  const two = bestBreak(words, width);
  if (two !== null) return [words.slice(0, two).join(' '), words.slice(two).join(' ')];
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && characters(last) + 1 + characters(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The text cut in two where it reads best near its middle; null for a single word. */
export function halves(text: string): [string, string] | null {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const at = bestBreak(words, Infinity);
  return at === null ? null : [words.slice(0, at).join(' '), words.slice(at).join(' ')];
}
