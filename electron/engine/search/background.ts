import type { LiveVectors } from '../vectors/live.ts';
import { dot } from '../vectors/dot.ts';
import { chanceOf, type Chance, type Prior } from './calibration.ts';
import { EVERYDAY_PHRASES } from './phrases.ts';

/** Clips that stand for the library while chance is being estimated for a query. */
const QUERY_SAMPLE = 512;
/** Clips on which the everyday phrases are scored to know their spread. */
const PHRASE_SAMPLE = 96;
/** Two clips of one file this alike (cosine) are one scene. */
export const SAME_SCENE = 0.85;
/** Scenes that the everyday phrases weigh against what the library says of a query. */
const PRIOR_WEIGHT = 20;
/** A query may be explained by chance as far as this many standard deviations of the everyday phrases. */
const RISE = 1;

/**
 * Share of a clip's mean over the everyday phrases that is taken off its score. Measured with an earlier built-in pack
 * through the engine: text-to-image recall@10 on Flickr8k `val` is 56.4 with none of it, 57.1 with a quarter, 56.6 with half
 * and 54.7 with all of it; on 15 plain queries over real films the order is the same. With the pack of now (the embeddings
 * alone) it hardly matters: 64.7 up to a quarter, 64.3 with half, 63.6 with all.
 */
const HUB_SHARE = 0.25;

/** Turns texts into unit vectors: the part of a language model that search needs. */
export interface TextEmbedder {
  embedTexts(texts: readonly string[]): Promise<Float32Array[]>;
}

/** Where the phrases' embeddings are kept between runs: the store's settings. */
export interface SettingStore {
  setting(key: string): unknown;
  setSetting(key: string, value: unknown): void;
}

const SETTING = 'search.phrases';

/**
 * Embeddings of the everyday phrases under one pack revision; made once, then read from the settings. Rows in the
 * order of `EVERYDAY_PHRASES`.
 */
export async function everydayEmbeddings(
  settings: SettingStore,
  language: TextEmbedder,
  packRevision: string,
  dimension: number,
): Promise<Float32Array[]> {
  const key = { packRevision, phrases: EVERYDAY_PHRASES.join('\n') };
  const kept = settings.setting(SETTING) as
    { packRevision?: string; phrases?: string; floats?: string } | undefined;
  const bytes = Buffer.from(kept?.floats ?? '', 'base64');
  const complete = bytes.length === EVERYDAY_PHRASES.length * dimension * Float32Array.BYTES_PER_ELEMENT;
  if (kept?.packRevision === packRevision && kept.phrases === key.phrases && complete) {
    const floats = new Float32Array(new Uint8Array(bytes).buffer);
    return EVERYDAY_PHRASES.map((_, row) => floats.slice(row * dimension, (row + 1) * dimension));
  }
  const rows = await language.embedTexts(EVERYDAY_PHRASES);
  const all = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => {
    all.set(row, i * dimension);
  });
  settings.setSetting(SETTING, { ...key, floats: Buffer.from(all.buffer).toString('base64') });
  return rows;
}

/** What a query is compared by: scores are dot products with `direction`, judged against `chance`. */
export interface Aim {
  readonly direction: Float32Array;
  readonly chance: Chance;
}

/** A library that grew or shrank by no more than this share since it was measured counts as the same. */
const SAME_LIBRARY = 0.03;

/**
 * What chance scores on this library, for any query. A score is the sum of how well the query suits anything, how well
 * the clip suits anything, and how well the two suit each other; only the last is evidence. The clip's part is its mean
 * over the everyday phrases: taking a share of their mean from the query removes as much of it as helps. The query's part
 * is its mean over the library. What is left is measured in units of its own spread.
 */
export class Background {
  /** Scenes in the library: clips, where those that look like the clip before them do not count. */
  readonly scenes: number;
  /** Clips when this was measured. */
  readonly clips: number;
  readonly #vectors: LiveVectors;
  readonly #sample: readonly number[];
  readonly #hub: Float32Array;
  readonly #phraseLength: number;
  readonly #textPrior: Prior;
  readonly #imagePrior: Prior;

  constructor(vectors: LiveVectors, phrases: readonly Float32Array[]) {
    this.#vectors = vectors;
    this.clips = vectors.size;
    this.#sample = vectors.sample(QUERY_SAMPLE);
    this.scenes = countScenes(vectors, this.#sample);
    this.#hub = meanOf(phrases, vectors.dimension).map((value) => HUB_SHARE * value);
    const directions = phrases.map((phrase) => minus(phrase, this.#hub));
    this.#phraseLength = rootMeanSquare(directions.map((phrase) => Math.sqrt(dot(phrase, phrase))));
    this.#textPrior = this.#measureTextPrior(directions);
    this.#imagePrior = measureImagePrior(phrases);
  }

  /**
   * True while what was measured still stands for the library, whose vectors may have changed since: while files are
   * looked at, a search every few seconds would otherwise measure it anew each time.
   */
  represents(): boolean {
    const vectors = this.#vectors;
    if (Math.abs(vectors.size - this.clips) > SAME_LIBRARY * this.clips) return false;
    const gone = this.#sample.filter((id) => vectors.mediaOf(id) === undefined).length;
    return gone <= SAME_LIBRARY * this.#sample.length;
  }

  /** Aims at what a text says. `text`: its unit embedding. */
  aimAtText(text: Float32Array): Aim {
    const direction = minus(text, this.#hub);
    const scale = Math.sqrt(dot(direction, direction)) / (this.#phraseLength || 1);
    return {
      direction,
      chance: this.#chance(direction, { ...this.#textPrior, spread: this.#textPrior.spread * scale }),
    };
  }

  /** Aims at what a picture shows. `picture`: the unit embedding of a clip or a photograph. */
  aimAtPicture(picture: Float32Array): Aim {
    return { direction: picture, chance: this.#chance(picture, this.#imagePrior) };
  }

  #chance(direction: Float32Array, prior: Prior): Chance {
    const scores = this.#sample.map((id) => this.#vectors.similarity(direction, id) ?? prior.mean);
    return chanceOf(Float64Array.from(scores), this.scenes, prior);
  }

  #measureTextPrior(directions: readonly Float32Array[]): Prior {
    const step = Math.max(1, Math.floor(this.#sample.length / PHRASE_SAMPLE));
    const ids = this.#sample.filter((_, i) => i % step === 0);
    const scores = directions.map((phrase) => ids.map((id) => this.#vectors.similarity(phrase, id) ?? 0));
    const mean = average(scores.flat());
    const spread = rootMeanSquare(scores.flat().map((score) => score - mean)) || 1;
    const fits = scores.map((row) => average(row) - mean);
    return { mean, spread, weight: PRIOR_WEIGHT, rise: RISE * rootMeanSquare(fits) };
  }
}

/** Unrelated texts stand for unrelated pictures: both live in the one space, and the library corrects the rest. */
function measureImagePrior(phrases: readonly Float32Array[]): Prior {
  const scores: number[] = [];
  for (let i = 0; i < phrases.length; i += 4) {
    for (let j = i + 1; j < phrases.length; j += 7)
      scores.push(dot(phrases[i] ?? EMPTY, phrases[j] ?? EMPTY));
  }
  const mean = average(scores);
  const spread = rootMeanSquare(scores.map((score) => score - mean)) || 1;
  return { mean, spread, weight: PRIOR_WEIGHT, rise: 2 * spread };
}

const EMPTY = new Float32Array();

function countScenes(vectors: LiveVectors, sample: readonly number[]): number {
  if (sample.length === 0) return 0;
  const repeated = sample.filter((id) => {
    const next = id + 1;
    const vector = vectors.vector(id);
    if (vector === undefined || vectors.mediaOf(next) !== vectors.mediaOf(id)) return false;
    return (vectors.similarity(vector, next) ?? 0) >= SAME_SCENE;
  });
  return Math.max(1, Math.round(vectors.size * (1 - repeated.length / sample.length)));
}

function meanOf(rows: readonly Float32Array[], dimension: number): Float32Array {
  const mean = new Float32Array(dimension);
  for (const row of rows)
    row.forEach((value, axis) => (mean[axis] = (mean[axis] ?? 0) + value / rows.length));
  return mean;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function minus(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, axis) => value - (b[axis] ?? 0));
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
}
