import { captionOfClip } from '../../electron/engine/captions/choosing.ts';
import { CAPTION_DEFAULTS } from '../../electron/engine/models/language-model.ts';
import { bleu, ciderD, type Scored } from './caption-scores.ts';
import { counting, sampleSize, type Evaluation } from './evaluation.ts';
import { openHeldOut } from './held-out.ts';

const PHOTOGRAPHS = 500;
/** Captions that are decoded together. */
const BATCH = 8;
/** Photographs whose captions are shown: the first of the seeded order. */
const SHOWN = 12;

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
    };
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
