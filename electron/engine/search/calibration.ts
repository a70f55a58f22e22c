/**
 * From a raw cosine to a strength that can be explained: the share of clips scoring this high that chance does not
 * account for. See docs/search.md for the derivation. In short:
 *
 *   z        = (score - what chance would score) / spread of chance
 *   expected = n * P(Z >= z)        scenes of this library that chance alone would put at or above z
 *   observed = scenes of this library that are at or above z
 *   strength = 1 - min(1, expected / observed), made monotone from the bottom
 *
 * That is one minus the false discovery rate (Benjamini and Hochberg 1995), in the tail form that Efron (2010,
 * "Large-Scale Inference", chapter 4) calls Fdr(z). It holds for one clip (strength = P(Z < z)) and for 100,000, and
 * it lets "nothing matches" be said: an absurd query has as many high scores as chance expects.
 */
import type { MatchWord } from './types.ts';

/** Least strength of each word. `strong`: at most one in ten moments this high would be there by chance. */
export const STRONG = 0.9;
export const LIKELY = 0.6;
export const WEAK = 0.3;

/** How scores of clips that do not match are spread. */
export interface Chance {
  readonly mean: number;
  readonly spread: number;
}

/** What is believed of chance before the library was looked at, and how many scenes that belief weighs. */
export interface Prior extends Chance {
  readonly weight: number;
  /** The mean may rise above the prior's by no more than this: beyond, a library is full of what was asked for. */
  readonly rise: number;
}

/**
 * What chance scores for one query on one library: the prior, moved by a sample of the library's scores. The sample's
 * middle is its median and its spread is taken below the median, where true matches do not reach.
 */
export function chanceOf(sample: Float64Array, scenes: number, prior: Prior): Chance {
  if (sample.length === 0) return { mean: prior.mean, spread: prior.spread };
  const sorted = sample.slice().sort();
  const median = quantile(sorted, 0.5);
  const share = scenes / (scenes + prior.weight);
  const mean = prior.mean + share * (median - prior.mean);
  const lower = (median - quantile(sorted, NORMAL_MINUS_ONE)) ** 2;
  return {
    mean: Math.min(mean, prior.mean + prior.rise),
    spread: Math.sqrt(share * lower + (1 - share) * prior.spread ** 2) || prior.spread,
  };
}

/** Share of a normal distribution below -1 standard deviation. */
const NORMAL_MINUS_ONE = 0.158655;

/** Standard deviations above what chance would score. Strictly increasing in the score. */
export function zOf(score: number, chance: Chance): number {
  return (score - chance.mean) / chance.spread;
}

/**
 * P(Z >= z) of the standard normal distribution: the continued fraction of Laplace above 2.5, its complement and the
 * series of Marsaglia (2004, "Evaluating the Normal Distribution") below. Relative error under 1e-9 up to z = 35.
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 2.5) {
    let fraction = z;
    for (let k = 80; k >= 1; k--) fraction = z + k / fraction;
    return density / fraction;
  }
  let term = z;
  let sum = z;
  for (let k = 3; term > 1e-17 * sum; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 - density * sum;
}

/** One of the best clips of a query, best first in a list. */
export interface Ranked {
  readonly z: number;
  /** True for the first clip of its scene in the list: clips that look alike are one observation, not many. */
  readonly newScene: boolean;
}

/** Strengths for one query: built once from the best clips, then asked for any clip. */
export class Strengths {
  readonly #scenes: number;
  readonly #zs: readonly number[];
  readonly #observed: number[] = [];
  readonly #values: number[];

  /** `scenes`: how many scenes the library has. `best`: its best clips, best first. */
  constructor(scenes: number, best: readonly Ranked[]) {
    this.#scenes = Math.max(1, scenes);
    this.#zs = best.map(({ z }) => z);
    let observed = 0;
    for (const { newScene } of best) this.#observed.push((observed += newScene ? 1 : 0));
    this.#values = this.#zs.map((z, rank) => this.#unlikely(z, this.#observed[rank] ?? 1));
    for (let rank = this.#values.length - 2; rank >= 0; rank--) {
      this.#values[rank] = Math.max(this.#values[rank] ?? 0, this.#values[rank + 1] ?? 0);
    }
  }

  /** Strength of a clip that scores z: 0 to 1, never falling as z rises. */
  of(z: number): number {
    const above = this.#above(z);
    const observed = this.#observed[above - 1] ?? 1;
    return Math.max(this.#unlikely(z, observed), this.#values[above] ?? 0);
  }

  #unlikely(z: number, observed: number): number {
    return 1 - Math.min(1, (this.#scenes * normalTail(z)) / Math.max(1, observed));
  }

  /** How many of the best are at or above z. */
  #above(z: number): number {
    let low = 0;
    let high = this.#zs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#zs[middle] ?? -Infinity) >= z) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A strength in words. */
export function matchWord(strength: number): MatchWord {
  if (strength >= STRONG) return 'strong';
  if (strength >= LIKELY) return 'likely';
  return strength >= WEAK ? 'weak' : 'none';
}

/** The value below which a share of a sorted, non-empty list lies; linear between neighbours. */
export function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (position - Math.floor(position)) * (above - below);
}
