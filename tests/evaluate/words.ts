/** What words in captions are worth beside what is seen: the weights of the fusion, tried on held-out photographs. */
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fuse } from '../../electron/engine/search/fusion.ts';
import type { Stretch } from '../../electron/engine/search/moments.ts';
import type { Moment } from '../../electron/engine/search/types.ts';
import { spokenPhrases } from '../../electron/engine/search/words.ts';
import { seeded } from '../unit/vectors/clusters.ts';
import { meaningWords } from './calibration/subjects.ts';
import { wordsOf } from './caption-questions.ts';
import { counting, openEngine, sampleSize, SEED, type Evaluation } from './evaluation.ts';
import { heldOut, openHeldOut } from './held-out.ts';
import { recall } from './recall.ts';

const QUERIES = 500;
const LIMIT = 50;
const WEIGHTS = [0, 0.25, 0.5, 1, 2, 4] as const;

/**
 * Every other photograph gets one of its captions as words that a person wrote. Each query is another person's caption of
 * a photograph with one of its words of meaning in quotes: where the words are written, and where they are not, at which
 * rank does the photograph stand, for each weight of the words?
 */
export async function evaluateWords(evaluation: Evaluation): Promise<object> {
  const { library } = heldOut(evaluation);
  const { engine: first, photographs } = await openHeldOut(evaluation);
  await first.close();
  const copy = `${library}-words`;
  const folder = (name: string): string => path.join(evaluation.work, name);
  rmSync(folder(copy), { recursive: true, force: true });
  cpSync(folder(library), folder(copy), { recursive: true });
  const engine = openEngine(evaluation, copy);
  try {
    const { store } = engine;
    const searcher = await engine.searcher();
    const { revision } = (await engine.pack()).facts;
    const random = seeded(SEED);
    const asked = photographs
      .slice(0, sampleSize(evaluation, QUERIES))
      .flatMap(({ mediaId, captions }, at) => {
        const text = captions[1] ?? '';
        const meant = new Set(meaningWords(text));
        const words = wordsOf(text).filter((word) => meant.has(word));
        const word = words[Math.floor(random() * words.length)];
        return word === undefined ? [] : [{ mediaId, text, word, written: at % 2 === 0 }];
      });
    const tell = counting('queries', asked.length);
    const seen: Stretch[][] = [];
    for (const { text } of asked) {
      const { moments } = await searcher.moments(text.replaceAll(/[":-]/g, ' '), { limit: LIMIT });
      tell(seen.push(moments.map(stretchOf)));
    }
    for (const { mediaId, captions } of photographs.filter((_, at) => at % 2 === 0)) {
      const text = captions[0] ?? '';
      const row = { mediaId, start: 0, end: 0, text, source: 'user', confidence: 1 } as const;
      store.insertCaption({ ...row, embedding: null, packRevision: null });
    }
    const said = asked.map(({ word }) => spokenPhrases(store, [word], revision, LIMIT));
    const ranks = (weight: number): { rank: number; written: boolean }[] =>
      asked.map(({ mediaId, written }, at) => {
        const fused = fuse(seen[at]!, weight === 0 ? [] : said[at]!, LIMIT, { seen: 1, said: weight });
        const place = fused.findIndex((stretch) => stretch.mediaId === mediaId);
        return { rank: place === -1 ? Infinity : place + 1, written };
      });
    return {
      queries: asked.length,
      weights: WEIGHTS.map((weight) => {
        const all = ranks(weight);
        const of = (some: readonly { rank: number }[]): object => recall(some.map(({ rank }) => rank));
        return {
          said: weight,
          all: of(all),
          written: of(all.filter(({ written }) => written)),
          unwritten: of(all.filter(({ written }) => !written)),
        };
      }),
    };
  } finally {
    await engine.close();
    rmSync(folder(copy), { recursive: true, force: true });
  }
}

function stretchOf({ mediaId, start, end, peak, clipId, score }: Moment): Stretch {
  return { mediaId, start, end, peak, clipId, z: 0, strength: score };
}
