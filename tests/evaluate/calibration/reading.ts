/**
 * How much the decoder's reading of a query should count when a search is put in order: tried on captions, which the
 * decoder writes itself, and on class names, which it hardly ever does.
 */
import path from 'node:path';
import type { RereadingCalibration } from '../../../electron/engine/models/calibration.ts';
import type { CaptionScores, LanguageModel } from '../../../electron/engine/models/types.ts';
import { readingOf, SCENES_READ, type Unread } from '../../../electron/engine/search/rereading.ts';
import { counting, openEngine, progress, type Evaluation } from '../evaluation.ts';
import type { IndexedPhotograph } from '../held-out.ts';
import { classFiles, className, inWords } from '../imagenet.ts';
import { cosines, embedMany } from '../recall.ts';

const WEIGHTS = [0.2, 0.35, 0.5, 0.7, 1, 1.4] as const;
const PLAUSIBLE = [-9, -8, -7, -6.5, -6, -5.5, -5, -4.5, -4, -3.5] as const;
/** Ranks from here on are all the same to a person who searches. */
const DEEPEST = 10;

/** A picture that can be found, and one thing that is asked of it. */
interface Asked {
  readonly text: string;
  readonly embedding: Float32Array;
  readonly tokens: Float32Array;
}

/** A query, the pictures that the index finds for it, best first, and what the decoder reads in them. */
export interface ReadQuery {
  readonly unread: Unread;
  readonly scores: CaptionScores;
  /** The picture that was meant; it need not be among the candidates. */
  readonly meant: number;
}

/** Where the meant picture stands under a weight, from 1; Infinity where the index did not find it. */
export function rankAfter(
  { unread, scores, meant }: ReadQuery,
  scale: number,
  calibration: RereadingCalibration,
): number {
  const reading = readingOf(unread, scores, scale, calibration);
  const place = [...reading.keys()].indexOf(meant);
  return place === -1 ? Infinity : place + 1;
}

/** Recall among the first 1 and 10, and the mean of 1 / rank (0 beyond the tenth). */
export interface Found {
  readonly r1: number;
  readonly r10: number;
  readonly reciprocal: number;
}

/** How well queries are answered under a weight. */
export function foundWith(
  queries: readonly ReadQuery[],
  scale: number,
  calibration: RereadingCalibration,
): Found {
  const ranks = queries.map((query) => rankAfter(query, scale, calibration));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    r1: mean(ranks.map((rank) => Number(rank === 1))),
    r10: mean(ranks.map((rank) => Number(rank <= DEEPEST))),
    reciprocal: mean(ranks.map((rank) => (rank <= DEEPEST ? 1 / rank : 0))),
  };
}

/** What names may lose of their mean of 1 / rank so that captions gain. */
const NAMES_MAY_LOSE = 0.005;

/** The weight under which captions are found best while names hardly lose; of equals the smaller. */
export function bestWeight(
  captions: readonly ReadQuery[],
  names: readonly ReadQuery[],
  scale: number,
): RereadingCalibration {
  const nothing = { weight: 0, plausibleFrom: 0 };
  const least = foundWith(names, scale, nothing).reciprocal - NAMES_MAY_LOSE;
  let best = { calibration: nothing, worth: foundWith(captions, scale, nothing).reciprocal };
  for (const weight of WEIGHTS) {
    for (const plausibleFrom of PLAUSIBLE) {
      const calibration = { weight, plausibleFrom };
      const worth = foundWith(captions, scale, calibration).reciprocal;
      if (worth > best.worth && foundWith(names, scale, calibration).reciprocal >= least)
        best = { calibration, worth };
    }
  }
  return best.calibration;
}

/** Searches each text among all the pictures, and has the decoder read it over the first of what is found. */
export async function readQueries(
  what: string,
  asked: readonly Asked[],
  language: LanguageModel,
): Promise<ReadQuery[]> {
  const tell = counting(`reading ${what}`, asked.length);
  const texts = await embedMany(
    language,
    asked.map(({ text }) => text),
  );
  const pictures = asked.map(({ embedding }) => embedding);
  const queries: ReadQuery[] = [];
  for (const [meant, { text }] of asked.entries()) {
    const similar = cosines(texts[meant]!, pictures);
    const candidates = [...similar]
      .map((z, id) => ({ id, z, readAs: id }))
      .sort((a, b) => b.z - a.z)
      .slice(0, SCENES_READ);
    const clips = candidates.map(({ id }) => asked[id]!.tokens);
    const scores = await language.scoreCaption(text, clips);
    tell(queries.push({ unread: { text, candidates, spread: 1 }, scores, meant }));
  }
  return queries;
}

/** One caption of each photograph, asked among all of them. */
export function captionsAsked(photographs: readonly IndexedPhotograph[]): Asked[] {
  return photographs.map(({ captions, embedding, tokens }, at) => ({
    text: captions[at % captions.length] ?? '',
    embedding,
    tokens,
  }));
}

/** One photograph of each ImageNet class, asked for by its name. The odd classes and the even ones. */
export async function namesAsked(evaluation: Evaluation): Promise<[Asked[], Asked[]]> {
  const folder = path.join(evaluation.data, 'imagenet1000');
  const files = classFiles(folder).slice(0, evaluation.limit ?? Infinity);
  const engine = openEngine(evaluation, 'imagenet1000');
  try {
    progress(`indexing ${files.length} photographs of imagenet1000, unless they are`);
    await engine.index(files.map((file) => path.join(folder, file)));
    const { revision } = (await engine.pack()).facts;
    const { store } = engine;
    const asked = files.map((file) => {
      const media = store.mediaByPath(path.join(folder, file));
      const [kept] = media ? store.mediaEmbeddings(media.id, revision) : [];
      if (!kept) throw new Error(`${file} was not indexed.`);
      const text = inWords('a {}', className(file));
      return { text, embedding: kept.embedding, tokens: store.tokens(kept.clip.id) };
    });
    return [asked.filter((_, at) => at % 2 === 0), asked.filter((_, at) => at % 2 === 1)];
  } finally {
    await engine.close();
  }
}

/** What the second look is worth on queries that nothing was fitted on. */
export interface ReadingReport {
  readonly calibration: RereadingCalibration;
  /** Queries, each among as many pictures; shares of them. */
  readonly captions: { readonly queries: number; readonly without: Found; readonly with: Found };
  readonly names: { readonly queries: number; readonly without: Found; readonly with: Found };
}

/** Finds the weight on one half of the queries and tells what it is worth on the other. */
export async function readingFor(
  evaluation: Evaluation,
  fit: readonly IndexedPhotograph[],
  test: readonly IndexedPhotograph[],
  language: LanguageModel,
): Promise<ReadingReport> {
  const scale = language.pack.similarityScale;
  const [fitNames, testNames] = await namesAsked(evaluation);
  const read = (what: string, asked: readonly Asked[]): Promise<ReadQuery[]> =>
    readQueries(what, asked, language);
  const calibration = bestWeight(
    await read('captions', captionsAsked(fit)),
    await read('class names', fitNames),
    scale,
  );
  const nothing = { ...calibration, weight: 0 };
  const told = (queries: readonly ReadQuery[]): ReadingReport['captions'] => ({
    queries: queries.length,
    without: foundWith(queries, scale, nothing),
    with: foundWith(queries, scale, calibration),
  });
  return {
    calibration,
    captions: told(await read('captions', captionsAsked(test))),
    names: told(await read('class names', testNames)),
  };
}
