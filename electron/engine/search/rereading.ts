/**
 * The second look of a search. The index compares one vector of the query with one of each clip; the decoder then reads
 * the query over the stored tokens of the best clips, word by word, as if it were their caption (its second pass). What
 * it finds likely moves up. See docs/search.md for what that is worth and when it is not asked.
 */
import type { RereadingCalibration } from '../models/calibration.ts';
import type { CaptionScores, LanguageModel } from '../models/types.ts';
import type { LiveVectors } from '../vectors/live.ts';
import { scenesOf, type Evidence, type Scored } from './evidence.ts';

/** Scenes over which a query is read. On Flickr8k `val` the right photograph is among them for four captions of five. */
export const SCENES_READ = 48;
/** How gradually a query that the decoder finds odd loses its say: log probability a token. */
const SOFTNESS = 0.5;

/** What reading needs of a language model. */
export type CaptionReader = Pick<LanguageModel, 'scoreCaption'>;

/** One of the best clips of a query, and the clip of the same scene over which the query is read for it. */
interface Candidate extends Scored {
  readonly readAs: number;
}

/** A query whose best clips may be read. */
export interface Unread {
  readonly text: string;
  readonly candidates: readonly Candidate[];
  /** Cosine in one standard deviation of the query's evidence. */
  readonly spread: number;
}

/** The evidence of the clips that were read, in their new order: standard deviations above chance. */
export type Reading = ReadonlyMap<number, number>;

/** The best clips of a query that are worth reading: the first of them, as many scenes as can be read. */
export function unread(
  text: string,
  best: readonly Scored[],
  evidence: Evidence,
  vectors: LiveVectors,
): Unread {
  const firsts = scenesOf(vectors, best);
  const candidates: Candidate[] = [];
  let scenes = 0;
  for (const [rank, { id, z }] of best.entries()) {
    const readAs = firsts[rank] ?? id;
    if (readAs === id && ++scenes > SCENES_READ) break;
    candidates.push({ id, z, readAs });
  }
  return { text, candidates, spread: evidence.spread };
}

/** The clips over which the text has to be read, one of each scene. */
export function clipsToRead({ candidates }: Unread): number[] {
  return candidates.filter(({ id, readAs }) => id === readAs).map(({ id }) => id);
}

/**
 * Puts the candidates in the order of both looks. A candidate is worth
 *
 *   scale x cosine + weight x trust x log p(text | clip)
 *
 * where trust falls from 1 to 0 as the text becomes odd to the decoder whatever the clip shows (its mean log probability
 * a token, over the clips that were read, falls below `plausibleFrom`): of a class name that no caption ever used, the
 * decoder has nothing to say. The order alone changes: the first candidate has the evidence that the first one had
 * before, and so on, so that what chance explains is judged as if nothing had been read.
 *
 * @param scores one a clip of {@link clipsToRead}, in that order.
 * @param scale the pack's similarity scale.
 */
export function readingOf(
  { candidates, spread, text }: Unread,
  scores: CaptionScores,
  scale: number,
  { weight, plausibleFrom }: RereadingCalibration,
): Reading {
  const { logProbabilities, length } = scores;
  const read = clipsToRead({ candidates, spread, text });
  const mean = logProbabilities.reduce((sum, value) => sum + value, 0) / Math.max(1, logProbabilities.length);
  const trust = 1 / (1 + Math.exp((plausibleFrom - mean / Math.max(1, length)) / SOFTNESS));
  const likelihood = new Map(read.map((id, index) => [id, logProbabilities[index] ?? mean]));
  const worth = ({ z, readAs }: Candidate): number =>
    scale * spread * z + weight * trust * (likelihood.get(readAs) ?? mean);
  const order = candidates.toSorted((a, b) => worth(b) - worth(a));
  return new Map(order.map(({ id }, rank) => [id, candidates[rank]?.z ?? -Infinity]));
}

/** The best clips in the order of a reading, those that were not read where they were. */
export function reordered(best: readonly Scored[], reading: Reading): Scored[] {
  return best.map(({ id, z }) => ({ id, z: reading.get(id) ?? z })).sort((a, b) => b.z - a.z);
}
