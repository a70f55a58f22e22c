import type { Chip, QueryNote } from './query.ts';

/** A match in words, from the calibrated score: see `search/calibration.ts`. */
export type MatchWord = 'strong' | 'likely' | 'weak' | 'none';

/** A stretch of one file that answers a query: adjacent matching clips merged. Seconds on the player's clock. */
export interface Moment {
  readonly mediaId: number;
  readonly path: string;
  readonly kind: 'video' | 'image';
  readonly start: number;
  readonly end: number;
  /** The time to open at: the middle of the best clip. */
  readonly peak: number;
  /** Calibrated strength, 0 to 1: how unlikely this score is for this query on this library. */
  readonly score: number;
  readonly match: MatchWord;
  /** The best clip. */
  readonly clipId: number;
  /** Words that matched in captions or subtitles, where they did. */
  readonly words?: string;
}

/** The answer to a search. */
export interface SearchReply {
  readonly query: string;
  /** False when nothing in the library matches: `moments` then holds the nearest misses, all `weak` or `none`. */
  readonly found: boolean;
  readonly moments: readonly Moment[];
  /** Clips looked at, and milliseconds taken. */
  readonly clips: number;
  readonly milliseconds: number;
  /** The parts of the query that became more than plain words. */
  readonly chips: readonly Chip[];
  /** What looked like the query language and was taken as plain words. */
  readonly notes: readonly QueryNote[];
}

/** The exact calibrated score of every clip of one file for one query: what a lane shows. */
export interface Lane {
  readonly mediaId: number;
  readonly query: string;
  readonly clips: readonly { readonly start: number; readonly end: number; readonly score: number }[];
  /** Times that `n` and `p` visit. */
  readonly peaks: readonly { readonly time: number; readonly score: number; readonly match: MatchWord }[];
}
