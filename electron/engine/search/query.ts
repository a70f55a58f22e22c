/**
 * The query language. Plain words are always a query; the rest is optional:
 *
 *   dog -grass, dog -"tall grass"      without what follows the minus
 *   a man sits down then he laughs     one moment after another, within 30 seconds; `then within 10s` says otherwise
 *   "happy birthday"                   these words in captions and subtitles
 *   in:holiday  type:image             only from a folder, only photographs or videos
 *   longer:10s  shorter:2m             by the length of the file
 *   after:2024-05  before:2025         by the day it was taken
 *
 * Nothing is ever refused: what looks like the language but is not becomes plain words, with a note that says where.
 */
import { parseDay, parseLength } from './values.ts';

/** What a file must be like. Absent: any. */
export interface Filters {
  /** Names of folders on the file's path, or paths; one of them must hold the file. */
  readonly folders?: readonly string[];
  /** Least and greatest length of the file in seconds. */
  readonly longer?: number;
  readonly shorter?: number;
  /** Taken at or after, and before, in milliseconds since 1970. */
  readonly after?: number;
  readonly before?: number;
  readonly type?: 'image' | 'video';
  /** Only these files. */
  readonly mediaIds?: readonly number[];
}

/** One step of a query: what a moment shows, what it must not show, and the words that belong to it. */
export interface Stage {
  /** Plain words, to be compared with what is seen; empty where there are none. */
  readonly text: string;
  readonly without: readonly string[];
  readonly phrases: readonly string[];
}

/** A part of the query that became more than plain words. `text` is what to cut out of the query to undo it. */
export interface Chip {
  readonly kind: 'without' | 'then' | 'words' | 'in' | 'longer' | 'shorter' | 'after' | 'before' | 'type';
  readonly label: string;
  readonly text: string;
}

/** Something that was taken as plain words although it looks like the language; characters `from` to `to`. */
export interface QueryNote {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** A query as it was understood. There is always at least one stage. */
export interface Query {
  readonly source: string;
  readonly stages: readonly Stage[];
  /** All plain words of all stages, the word that parts them too: what is left where no sequence is found. */
  readonly plain: string;
  /** Seconds from the end of one stage within which the next one must begin. */
  readonly within: number;
  readonly filters: Filters;
  readonly chips: readonly Chip[];
  readonly notes: readonly QueryNote[];
}

/** Seconds between the stages of `A then B` unless the query says otherwise. */
export const DEFAULT_WITHIN = 30;

const TOKEN = /(?<minus>-)?["“”](?<phrase>[^"“”]*)["“”](?=\s|$|[.,;:!?])|(?<word>\S+)/gu;
const FILTER = /^(?<key>in|longer|shorter|after|before|type):(?<value>.*)$/isu;

interface Token {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly minus: boolean;
  /** The inside of quotes, or null. */
  readonly phrase: string | null;
}

/** Reads a query. Never throws. */
export function parseQuery(source: string): Query {
  const reading = new Reading(source);
  for (const token of tokens(source)) reading.take(token);
  return reading.finish();
}

function* tokens(source: string): IterableIterator<Token> {
  // `in:"my folder"`: the quotes belong to the word before them.
  const quotedValue = /(?:in|type|longer|shorter|after|before):["“”][^"“”]*["“”](?=\s|$)/iuy;
  TOKEN.lastIndex = 0;
  for (let position = 0; position < source.length;) {
    const space = /\s*/uy;
    space.lastIndex = position;
    position += space.exec(source)?.[0].length ?? 0;
    quotedValue.lastIndex = position;
    const value = quotedValue.exec(source)?.[0];
    TOKEN.lastIndex = position;
    const match = value === undefined ? TOKEN.exec(source) : null;
    const text = value ?? match?.[0];
    if (text === undefined || text === '') return;
    const groups = match?.groups;
    const phrase = groups?.['phrase'] ?? null;
    yield {
      text,
      from: position,
      to: position + text.length,
      minus: groups?.['minus'] !== undefined,
      phrase,
    };
    position += text.length;
  }
}

/** The state of one reading: stages that are done, and the one being filled. */
class Reading {
  readonly #source: string;
  readonly #stages: Stage[] = [];
  readonly #chips: Chip[] = [];
  readonly #notes: QueryNote[] = [];
  readonly #thens: { token: Token; text: string }[] = [];
  #filters: Filters = {};
  #within = DEFAULT_WITHIN;
  #words: string[] = [];
  #without: string[] = [];
  #phrases: string[] = [];
  /** How far `then within 10s` has been read: its tokens so far. */
  #after: Token[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  take(token: Token): void {
    if (this.#takeWithin(token)) return;
    if (token.phrase !== null) this.#takePhrase(token, token.phrase.trim());
    else if (/^-["“”]?\p{L}/u.test(token.text)) this.#takeMinus(token);
    else if (/^then$/iu.test(token.text)) this.#takeThen(token);
    else this.#takeWord(token);
  }

  finish(): Query {
    const last = this.#stage();
    const dangling = this.#thens.at(-1);
    if (dangling !== undefined && isEmpty(last)) {
      this.#note(dangling.token, 'Nothing follows “then”, so it was taken as a plain word.');
      this.#thens.pop();
      const before = this.#stages.pop();
      if (before !== undefined) {
        this.#stages.push({
          ...before,
          text: `${before.text} ${dangling.text}`.trim(),
          without: [...before.without, ...last.without],
        });
      }
    } else {
      this.#stages.push(last);
    }
    for (const { text } of this.#thens) {
      this.#chips.push({ kind: 'then', label: `then, within ${this.#within} s`, text });
    }
    return {
      source: this.#source,
      stages: this.#stages,
      plain: this.#stages.flatMap(({ text }) => (text === '' ? [] : text)).join(' then '),
      within: this.#within,
      filters: this.#filters,
      chips: this.#chips,
      notes: this.#notes,
    };
  }

  #takePhrase(token: Token, phrase: string): void {
    if (!/[\p{L}\p{N}]/u.test(phrase)) {
      if (phrase !== '') this.#words.push(token.text);
      else this.#note(token, 'Empty quotes were left out.');
    } else if (token.minus) {
      this.#without.push(phrase);
      this.#chips.push({ kind: 'without', label: `not ${phrase}`, text: token.text });
    } else {
      this.#phrases.push(phrase);
      this.#chips.push({ kind: 'words', label: `“${phrase}”`, text: token.text });
    }
  }

  #takeMinus(token: Token): void {
    if (/["“”]/u.test(token.text)) {
      this.#note(token, 'The quotes are not closed, so this was taken as plain words.');
      this.#words.push(token.text);
      return;
    }
    const word = token.text.slice(1).replace(/[.,;:!?]+$/u, '');
    this.#without.push(word);
    this.#chips.push({ kind: 'without', label: `not ${word}`, text: token.text });
  }

  #takeThen(token: Token): void {
    // "he sits down and then laughs", "he sits down, then laughs"
    const joint = /^(?:and|,)$/iu.test(this.#words.at(-1) ?? '') ? this.#words.pop() : undefined;
    const stage = this.#stage();
    if (isEmpty(stage)) {
      if (joint !== undefined) this.#words.push(joint);
      this.#words.push(token.text);
      this.#note(token, 'Nothing comes before “then”, so it was taken as a plain word.');
      return;
    }
    this.#stages.push({ ...stage, text: stage.text.replace(/,$/u, '') });
    this.#thens.push({ token, text: token.text });
    this.#words = [];
    this.#without = [];
    this.#phrases = [];
    this.#after = [token];
  }

  /** Reads on after `then`: "within", then a length. True where the token was used up. */
  #takeWithin(token: Token): boolean {
    const [then, within] = this.#after;
    if (then === undefined) return false;
    if (within === undefined) {
      this.#after = /^within$/iu.test(token.text) ? [then, token] : [];
      return this.#after.length > 0;
    }
    this.#after = [];
    const length = parseLength(token.text);
    if (length === null) {
      this.#words.push(within.text);
      this.#note(
        within,
        '“within” is not followed by a length such as 10s, so it was taken as a plain word.',
      );
      return false;
    }
    this.#within = length;
    const written = this.#thens.at(-1);
    if (written !== undefined) written.text = this.#source.slice(then.from, token.to);
    return true;
  }

  #takeWord(token: Token): void {
    const { key = '', value = '' } = FILTER.exec(token.text)?.groups ?? {};
    if (key === '') {
      if (/^["“]/u.test(token.text))
        this.#note(token, 'The quotes are not closed, so this was taken as plain words.');
      this.#words.push(token.text);
      return;
    }
    const name = key.toLowerCase() as FilterKey;
    const read = FILTERS[name](value.replace(/^["“”]|["“”]$/gu, '').trim(), this.#filters);
    if (typeof read === 'string') {
      this.#words.push(token.text);
      this.#note(token, `“${key}:” ${read}, so this was taken as plain words.`);
      return;
    }
    this.#filters = { ...this.#filters, ...read };
    this.#chips.push({ kind: name, label: token.text, text: token.text });
  }

  #stage(): Stage {
    const words =
      this.#after.length > 1
        ? [...this.#words, ...this.#after.slice(1).map(({ text }) => text)]
        : this.#words;
    return { text: words.join(' '), without: this.#without, phrases: this.#phrases };
  }

  #note(token: Token, message: string): void {
    this.#notes.push({ message, from: token.from, to: token.to });
  }
}

type FilterKey = 'in' | 'longer' | 'shorter' | 'after' | 'before' | 'type';

/** Reads a filter's value: the filters it adds, or what is wrong with it. */
const FILTERS: Readonly<Record<FilterKey, (value: string, so: Filters) => Filters | string>> = {
  in: (value, so) => (value === '' ? 'names no folder' : { folders: [...(so.folders ?? []), value] }),
  longer: (value) => withLength(value, (longer) => ({ longer })),
  shorter: (value) => withLength(value, (shorter) => ({ shorter })),
  after: (value) => withDay(value, (after) => ({ after })),
  before: (value) => withDay(value, (before) => ({ before })),
  type: (value) => {
    const type = value.toLowerCase().replace(/s$/u, '');
    if (type === 'video') return { type };
    if (type === 'image' || type === 'photo' || type === 'photograph' || type === 'picture')
      return { type: 'image' };
    return 'takes video or image';
  },
};

function withLength(value: string, filter: (seconds: number) => Filters): Filters | string {
  const seconds = parseLength(value);
  return seconds === null ? 'takes a length such as 10s or 2m' : filter(seconds);
}

function withDay(value: string, filter: (time: number) => Filters): Filters | string {
  const time = parseDay(value);
  return time === null ? 'takes a day such as 2024-05-17, a month such as 2024-05, or a year' : filter(time);
}

function isEmpty(stage: Stage): boolean {
  return stage.text === '' && stage.phrases.length === 0;
}
