import { existsSync } from 'node:fs';
import path from 'node:path';
import { captionOfClip } from '../../electron/engine/captions/choosing.ts';
import { CAPTION_DEFAULTS } from '../../electron/engine/models/language-model.ts';
import { bleu, ciderD, type Scored } from './caption-scores.ts';
import { counting, openEngine, sampleSize, shuffled, type Evaluation } from './evaluation.ts';
import { openHeldOut } from './held-out.ts';

const PHOTOGRAPHS = 500;
/** Captions that are decoded together. */
const BATCH = 8;
/** Photographs and films whose captions are shown: the first of the seeded order. */
const SHOWN = 12;
const FILMS_SHOWN = 6;

/**
 * BLEU and CIDEr-D of the captions of held-out photographs against five references each, from stored tokens: as the app
 * shows them, and as the decoder wrote them. Both scores are times 100, as they are commonly quoted.
 */
export async function evaluateCaptions(evaluation: Evaluation): Promise<object> {
  const { engine, photographs } = await openHeldOut(evaluation);
  try {
    const language = await engine.language();
    const chosen = photographs.slice(0, sampleSize(evaluation, PHOTOGRAPHS));
    const tell = counting('captions', chosen.length);
    const written: string[] = [];
    const shown: string[] = [];
    for (let from = 0; from < chosen.length; from += BATCH) {
      const batch = chosen.slice(from, from + BATCH);
      const generations = await language.captionMany(batch.map(({ tokens }) => tokens));
      for (const [index, generation] of generations.entries()) {
        const { text } = await captionOfClip(generation, batch[index]?.embedding ?? null, language);
        shown.push(text);
        tell(written.push(generation.text));
      }
    }
    const scores = (captions: readonly string[]): object =>
      scoresOf(chosen.map(({ captions: references }, i) => ({ caption: captions[i] ?? '', references })));
    return {
      photographs: chosen.length,
      references: chosen.reduce((count, { captions }) => count + captions.length, 0),
      beams: CAPTION_DEFAULTS.beams,
      ...scores(shown),
      asWritten: scores(written),
      examples: chosen.slice(0, SHOWN).map(({ file }, i) => ({ file, caption: shown[i] })),
      filmExamples: await filmExamples(evaluation),
    };
  } finally {
    await engine.close();
  }
}

/** The captions of the clips in the middle of some films; none where there are no films. */
async function filmExamples(evaluation: Evaluation): Promise<object[]> {
  const folder = path.join(evaluation.data, 'videos');
  if (!existsSync(folder)) return [];
  const engine = openEngine(evaluation, 'clips');
  try {
    await engine.index([folder]);
    const language = await engine.language();
    const { revision } = (await engine.pack()).facts;
    const films = engine.store
      .allMedia({ states: ['indexed'] })
      .filter(({ kind }) => kind === 'video')
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const examples: object[] = [];
    for (const { id, path: file } of shuffled(films).slice(0, FILMS_SHOWN)) {
      const clips = engine.store.mediaEmbeddings(id, revision);
      const middle = clips[Math.floor(clips.length / 2)];
      if (middle === undefined) continue;
      const { clip, embedding } = middle;
      const generation = await language.caption(engine.store.tokens(clip.id));
      const { text } = await captionOfClip(generation, embedding, language);
      examples.push({ file: path.basename(file), seconds: [clip.start, clip.end], caption: text });
    }
    return examples;
  } finally {
    await engine.close();
  }
}

function scoresOf(scored: readonly Scored[]): object {
  const points = (score: number): number => Math.round(1000 * score) / 10;
  const [bleu1, bleu2, bleu3, bleu4] = bleu(scored);
  return {
    bleu1: points(bleu1),
    bleu2: points(bleu2),
    bleu3: points(bleu3),
    bleu4: points(bleu4),
    ciderD: points(ciderD(scored)),
  };
}
