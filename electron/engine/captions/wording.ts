/**
 * How a caption is worded where it follows another: what is known already is said shorter, so that what is new stands
 * out. Pure; English, as the packs are. A sentence that it cannot take apart is left as it is.
 */

const AUXILIARIES = new Set(['is', 'are', 'was', 'were', 'has', 'have']);
const PREPOSITIONS = new Set(
  'in on at with of from by near under over behind beside through across into onto along around against towards for'.split(
    ' ',
  ),
);
/** Nouns that end like a verb in progress. */
const NOUNS_IN_ING = new Set(
  'building clothing wedding ceiling swing ring king string evening morning wing railing painting thing something'.split(
    ' ',
  ),
);
const SMALL_WORDS = new Set([
  ...PREPOSITIONS,
  ...AUXILIARIES,
  'a',
  'an',
  'the',
  'and',
  'or',
  'his',
  'her',
  'their',
  'its',
]);
const SINGULAR = new Set(['a', 'an', 'one', 'the']);

/** "a man in a white shirt is standing" taken apart. */
interface Sentence {
  /** "a man" */
  readonly noun: readonly string[];
  /** "in a white shirt" */
  readonly detail: readonly string[];
  /** "is standing" */
  readonly rest: readonly string[];
}

const wordsOf = (text: string): string[] =>
  text
    .trim()
    .replace(/[.!]+$/, '')
    .split(/\s+/);
const plain = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}'-]/gu, '');

function takeApart(text: string): Sentence | null {
  const words = wordsOf(text);
  const verb = words.findIndex((raw, index) => {
    const word = plain(raw);
    return (
      index > 0 &&
      (AUXILIARIES.has(word) || (word.length > 4 && word.endsWith('ing') && !NOUNS_IN_ING.has(word)))
    );
  });
  if (verb < 1) return null;
  const subject = words.slice(0, verb);
  const detail = subject.findIndex((word) => PREPOSITIONS.has(plain(word)));
  const end = detail === -1 ? subject.length : detail;
  if (end === 0) return null;
  return { noun: subject.slice(0, end), detail: subject.slice(end), rest: words.slice(verb) };
}

/** The verb as it goes with "they". */
const PLURAL_VERBS: ReadonlyMap<string, string> = new Map([
  ['is', 'are'],
  ['was', 'were'],
  ['has', 'have'],
]);

function agreeing(subject: string, [verb = '', ...rest]: readonly string[]): string[] {
  return [subject === 'they' ? (PLURAL_VERBS.get(verb) ?? verb) : verb, ...rest];
}

function shortSubject(noun: readonly string[]): string | null {
  const words = noun.map(plain);
  if (words.includes('and')) return 'they';
  const head = words.at(-1);
  const first = words[0];
  if (head === undefined || first === undefined || words.length < 2) return null;
  return SINGULAR.has(first) ? `the ${head}` : `the ${first} ${head}`;
}

/**
 * `next` as it is said right after `previous` of the same shot: a subject that is known becomes "the man" and its known
 * details go. Details with a word that was not said before stay.
 */
export function sayWhatIsNew(previous: string, next: string): string {
  const before = takeApart(previous);
  const after = takeApart(next);
  if (!before || !after) return next;
  if (plain(before.noun.at(-1) ?? '') !== plain(after.noun.at(-1) ?? '')) return next;
  const subject = shortSubject(after.noun);
  if (subject === null) return next;
  const known = new Set(wordsOf(previous).map(plain));
  const isKnown = (word: string): boolean => SMALL_WORDS.has(plain(word)) || known.has(plain(word));
  if (!after.noun.slice(1, -1).every(isKnown)) return next;
  const detail = after.detail.every(isKnown) ? [] : after.detail;
  return [subject, ...detail, ...agreeing(subject, after.rest)].join(' ');
}

/**
 * The text without details that only say again what an earlier one said: "a man in a white shirt in a red shirt" keeps
 * its first shirt. What small decoders fall into where they know no more.
 */
export function withoutRepeats(text: string): string {
  const phrases: string[][] = [[]];
  for (const word of wordsOf(text)) {
    const begins = plain(word) !== 'of' && PREPOSITIONS.has(plain(word));
    if (begins && !PREPOSITIONS.has(plain(phrases.at(-1)?.at(-1) ?? ''))) phrases.push([]);
    phrases.at(-1)?.push(word);
  }
  const heads = new Set<string>();
  const kept = phrases.filter((phrase, index) => {
    const head = plain(phrase.at(-1) ?? '');
    const repeats = index > 0 && heads.has(head);
    heads.add(head);
    return !repeats;
  });
  return kept.flat().join(' ');
}

/** "black and white and white", "a blue shirt and white shirt", "two men and men": what is joined to itself. */
const JOINED_AGAIN = [
  /\b(\w+) and (\w+) and (?:\1|\2)\b/gi,
  /\b(\w{3,}) and (?:(?:a|an|the|his|her|their) )?(?:\w+ )?\1\b/gi,
] as const;

/** A caption as a person would let it stand: nothing is said twice, and it does not end in the middle of a detail. */
export function wellFormed(text: string): string {
  const [again, twice] = JOINED_AGAIN;
  const said = withoutRepeats(text.trim()).replace(again, '$1 and $2').replace(twice, '$1');
  const words = wordsOf(said);
  while (words.length > 1 && SMALL_WORDS.has(plain(words.at(-1) ?? ''))) words.pop();
  return words.join(' ');
}

/** First letter large, no full stop: how captions are shown. */
export function sentenceCase(text: string): string {
  const trimmed = text.trim().replace(/\s*\.$/, '');
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
}

/**
 * The text without its last details ("… on a street", "… in front of a building") until it has at most `most`
 * characters; null where even the shortest form is longer.
 */
export function shorten(text: string, most: number): string | null {
  let words = wordsOf(text);
  while (words.join(' ').length > most) {
    const last = words.findLastIndex((raw, index) => {
      const word = plain(raw);
      return (
        index >= 3 &&
        word !== 'of' &&
        PREPOSITIONS.has(word) &&
        !PREPOSITIONS.has(plain(words[index - 1] ?? ''))
      );
    });
    if (last === -1) return null;
    words = words.slice(0, last);
    while (words.length > 1 && SMALL_WORDS.has(plain(words.at(-1) ?? ''))) words = words.slice(0, -1);
  }
  return words.join(' ');
}
