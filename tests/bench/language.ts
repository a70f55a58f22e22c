import { openLanguageModel } from '../../electron/engine/models/language-model.ts';
import { packUnderTest } from './pack.ts';
import { percentile, progress, rounded, timed } from './timing.ts';

const RUNS = 40;
const BATCH = 64;

/** Text embeddings, one by one as a person types and in batches. Every text is new: none comes from the cache. */
export async function benchLanguage(): Promise<object> {
  progress('embedding texts');
  const language = await openLanguageModel(await packUnderTest());
  let number = 0;
  const text = (): string => `a brown dog number ${number++} runs over the wet grass`;
  try {
    const single = await timed(RUNS, () => language.embedTexts([text()]));
    const batch = await timed(5, () => language.embedTexts(Array.from({ length: BATCH }, text)));
    return {
      millisecondsPerText: percentile(single, 0.5),
      millisecondsPerTextP95: percentile(single, 0.95),
      millisecondsPerTextInBatch: rounded(percentile(batch, 0.5) / BATCH),
    };
  } finally {
    await language.close();
  }
}
