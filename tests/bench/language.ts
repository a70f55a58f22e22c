import { openLanguageModel } from '../../electron/engine/models/language-model.ts';
import { SCENES_READ } from '../../electron/engine/search/rereading.ts';
import { packUnderTest } from './pack.ts';
import { percentile, progress, rounded, timed } from './timing.ts';

const RUNS = 40;
const BATCH = 64;
const READINGS = 10;

/**
 * Text embeddings, one by one as a person types and in batches; and a query read over the clips of a second look. Every
 * text is new: none comes from the cache.
 */
export async function benchLanguage(): Promise<object> {
  progress('embedding texts');
  const language = await openLanguageModel(await packUnderTest());
  let number = 0;
  const text = (): string => `a brown dog number ${number++} runs over the wet grass`;
  try {
    const single = await timed(RUNS, () => language.embedTexts([text()]));
    const batch = await timed(5, () => language.embedTexts(Array.from({ length: BATCH }, text)));
    const { capabilities, tokens, tokenWidth } = language.pack;
    const clips = Array.from({ length: SCENES_READ }, (_, clip) =>
      Float32Array.from({ length: tokens * tokenWidth }, (__, at) => Math.sin(clip + at)),
    );
    const readings = capabilities.includes('caption')
      ? await timed(READINGS, () => language.scoreCaption(text(), clips))
      : null;
    return {
      clipsRead: clips.length,
      millisecondsPerReading: readings && percentile(readings, 0.5),
      millisecondsPerText: percentile(single, 0.5),
      millisecondsPerTextP95: percentile(single, 0.95),
      millisecondsPerTextInBatch: rounded(percentile(batch, 0.5) / BATCH),
    };
  } finally {
    await language.close();
  }
}
