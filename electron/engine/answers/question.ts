/** What a question asks for, how it is put to the decoder, and what to look for in order to answer it. Pure; English. */

import { missingCase } from '../errors.ts';

/** `choice`: one of two things that the question names ("red or blue"). `presence`: a yes/no about what is to be seen. */
export type QuestionKind =
  'presence' | 'yes-no' | 'choice' | 'count' | 'colour' | 'where' | 'who' | 'doing' | 'when' | 'what';

export interface Question {
  readonly kind: QuestionKind;
  /** As the decoder reads it: small letters, no question mark, always about "the picture". */
  readonly asked: string;
  /** Plain words that describe the moments which could answer it. */
  readonly query: string;
  /** The answers to choose from, where the question allows only these. */
  readonly candidates: readonly string[] | null;
}

const AUXILIARY = '(?:is|are|was|were|am|do|does|did|can|could|has|have|had|will|would|should)';
const SEEING = String.raw`(?:you|i|we|one) (?:see|find|spot|have|own)`;
const PRESENCE = new RegExp(
  String.raw`^(?:(?:is|are|was|were) there|(?:do|does|did|can|could|have|has) (?:${SEEING}|there)|(?:is|are) any)\b ?(?:be |been )?`,
);
const PICTURE =
  /\b(?:video|videos|clip|clips|film|films|movie|movies|footage|scene|photo|photos|photograph|image|frame)\b/g;
const ABOUT_PICTURE =
  / ?\b(?:in|on|of|from) (?:the|this|that|my|our|these|those)(?: \w+)? (?:pictures?|library)\b/g;
/** How each kind begins; the first that fits decides. */
const BEGINNINGS: readonly (readonly [QuestionKind, RegExp])[] = [
  ['when', /^(?:when|(?:at )?what time|at what point|how long until)\b/],
  ['count', /^(?:how many|what(?: is| was)? (?:the )?number of|count)\b/],
  ['colour', /^(?:what|which) colou?rs?\b/],
  ['where', /^(?:where|(?:in|at|on)? ?(?:what|which) (?:place|room|location))\b/],
  ['who', /^(?:who|whom|whose)\b/],
  ['doing', /^what\b.*\bdoing\b|^what (?:happens|happened|goes on|is happening|is going on)\b/],
  ['presence', PRESENCE],
  ['choice', new RegExp(String.raw`^${AUXILIARY}\b.* or \w+$`)],
  ['yes-no', new RegExp(String.raw`^${AUXILIARY}(?:n't)?\b`)],
];

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();

function kindOf(asked: string): QuestionKind {
  return BEGINNINGS.find(([, beginning]) => beginning.test(asked))?.[0] ?? 'what';
}

/** The question without what makes it one. */
function lookedFor(asked: string, kind: QuestionKind): string {
  const without = asked.replace(ABOUT_PICTURE, ' ');
  const auxiliary = new RegExp(String.raw`^${AUXILIARY}(?:n't)? `);
  const bare = ((): string => {
    switch (kind) {
      case 'when':
        return without
          .replace(/^(?:when|(?:at )?what time|at what point|how long until) ?/, '')
          .replace(auxiliary, '');
      case 'count':
        return without
          .replace(/^(?:how many|what(?: is| was)? (?:the )?number of|count) ?/, '')
          .replace(new RegExp(String.raw` (?:are|is|were|was|do|can|does) ?(?:there|${SEEING})?\b`), ' ');
      case 'colour':
        return without.replace(/^(?:what|which) colou?rs? ?(?:of )?/, '').replace(auxiliary, '');
      case 'where':
        return without
          .replace(/^(?:where|(?:in|at|on)? ?(?:what|which) (?:place|room|location)) ?/, '')
          .replace(auxiliary, '');
      case 'who':
        return without
          .replace(/^(?:who|whom|whose) ?/, 'a person ')
          .replace(new RegExp(String.raw`^a person ${AUXILIARY} `), 'a person ');
      case 'doing':
        return without
          .replace(/^what ?/, '')
          .replace(auxiliary, '')
          .replace(/ ?\bdoing\b.*$/, '')
          .replace(/^(?:happens|happened|goes on|happening|going on)\b ?/, '');
      case 'presence':
        return without.replace(PRESENCE, '').replace(/^(?:any|some) /, '');
      case 'choice':
        return without.replace(auxiliary, '').replace(/ \w+ or \w+$/, '');
      case 'yes-no':
        return without.replace(auxiliary, '');
      case 'what':
        return without.replace(/^(?:what|which)(?: kind of| sort of| type of)? ?/, '').replace(auxiliary, '');
    }
  })();
  return tidy(bare);
}

/** Words as the query language takes them plainly: none of them can read as one of its operators. */
function plainWords(text: string): string {
  return tidy(
    text
      .replace(/["“”:]/g, ' ')
      .replace(/(^|\s)-+/g, '$1')
      .replace(/\bthen\b/g, ' '),
  );
}

/** Answers that the decoder was taught for questions that only have so many. */
const COLOURS = 'red blue green yellow black white brown orange pink purple gray'.split(' ');
const NUMBERS = 'one two three four five six'.split(' ');

/** What an answer to a question says of the picture, in plain words that can be compared with it: "two dogs". */
export function statementOf({ kind, query }: Pick<Question, 'kind' | 'query'>, answer: string): string {
  switch (kind) {
    case 'presence':
    case 'yes-no':
    case 'when':
    // The encoder does not count, but it knows whether the things are there at all.
    case 'count':
      return query;
    case 'colour':
    case 'choice':
      return `${answer} ${query.replace(/^(?:a|an|the) /, '')}`;
    case 'who':
      return `${answer} ${query.replace(/^a person ?/, '')}`.trim();
    case 'where':
      return `${query} in the ${answer}`;
    case 'doing':
    case 'what':
      return `${query} ${answer}`;
    default:
      return missingCase(kind);
  }
}

/** Reads a question; a text that is none (“dogs”) is taken as asking what there is. */
export function readQuestion(text: string): Question {
  const plain = tidy(
    text
      .toLowerCase()
      .replace(/[’‘]/g, "'")
      .replace(/[?!.,;]+/g, ' '),
  );
  const asked = plain.replace(PICTURE, 'picture');
  const kind = kindOf(asked);
  const query = plainWords(lookedFor(asked, kind)) || plainWords(asked);
  if (kind === 'presence' || kind === 'yes-no') return { kind, asked, query, candidates: ['yes', 'no'] };
  if (kind === 'colour') return { kind, asked, query, candidates: COLOURS };
  if (kind === 'count') return { kind, asked, query, candidates: NUMBERS };
  const choice = kind === 'choice' ? / (\w+) or (\w+)$/.exec(asked) : null;
  return { kind, asked, query, candidates: choice ? choice.slice(1) : null };
}
