import type { LanguageModel } from '../../electron/engine/models/types.ts';
import { dot } from '../../electron/engine/vectors/dot.ts';
import { counting, shareOf, type Share } from './evaluation.ts';

const DEPTHS = [1, 5, 10] as const;
const BATCH = 64;

/**
 * The place, from 1, that the best of the right candidates takes among all, by their scores. A wrong candidate that
 * scores as much stands before it.
 */
export function rankOf(scores: ArrayLike<number>, right: readonly number[]): number {
  const rights = new Set(right);
  const best = Math.max(...right.map((index) => scores[index] ?? -Infinity));
  let rank = 1;
  for (let index = 0; index < scores.length; index++) {
    if (!rights.has(index) && (scores[index] ?? -Infinity) >= best) rank++;
  }
  return rank;
}

/** How many of the ranks are within 1, 5 and 10. */
export function recall(ranks: readonly number[]): Record<`r${(typeof DEPTHS)[number]}`, Share> {
  const [r1, r5, r10] = DEPTHS.map((depth) => shareOf(ranks.map((rank) => rank <= depth)));
  return { r1: r1!, r5: r5!, r10: r10! };
}

/** Cosines of unit vectors: one query with every candidate. */
export function cosines(query: Float32Array, candidates: readonly Float32Array[]): Float32Array {
  return Float32Array.from(candidates, (candidate) => dot(query, candidate));
}

/** Unit embeddings of many texts, in their order. */
export async function embedMany(language: LanguageModel, texts: readonly string[]): Promise<Float32Array[]> {
  const tell = counting('embedding texts', texts.length);
  const embeddings: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    for (const embedding of await language.embedTexts(texts.slice(from, from + BATCH))) {
      tell(embeddings.push(embedding));
    }
  }
  return embeddings;
}

/** A thing to be found and the texts that describe it. */
export interface Described {
  readonly embedding: Float32Array;
  readonly texts: readonly Float32Array[];
}

/** The rank of each text's own picture among all pictures. */
export function textToImageRanks(pictures: readonly Described[]): number[] {
  const images = pictures.map(({ embedding }) => embedding);
  return pictures.flatMap(({ texts }, own) => texts.map((text) => rankOf(cosines(text, images), [own])));
}

/** The rank of each picture's best own text among the texts of all. */
export function imageToTextRanks(pictures: readonly Described[]): number[] {
  const texts = pictures.flatMap((picture) => picture.texts);
  let from = 0;
  return pictures.map((picture) => {
    const own = picture.texts.map((_, index) => from + index);
    from += own.length;
    return rankOf(cosines(picture.embedding, texts), own);
  });
}
