import type { Evaluation } from './evaluation.ts';
import { openHeldOut } from './held-out.ts';
import { embedMany, imageToTextRanks, recall } from './recall.ts';

/** Image-to-text retrieval on Flickr8k `val`: the rank of a photograph's best own caption among the captions of all. */
export async function evaluateImageToText(evaluation: Evaluation): Promise<object> {
  const { engine, photographs } = await openHeldOut(evaluation);
  try {
    const embeddings = await embedMany(
      await engine.language(),
      photographs.flatMap(({ captions }) => captions),
    );
    let from = 0;
    const described = photographs.map(({ embedding, captions }) => {
      const texts = embeddings.slice(from, from + captions.length);
      from += captions.length;
      return { embedding, texts };
    });
    return {
      photographs: photographs.length,
      captions: embeddings.length,
      imageToText: recall(imageToTextRanks(described)),
    };
  } finally {
    await engine.close();
  }
}
