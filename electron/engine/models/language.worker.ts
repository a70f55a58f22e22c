/** The thread of the language side. Steps of different calls take turns, so a query never waits for a whole caption. */
import { DualText } from './dual-text.ts';
import { MammutLanguage } from './language-runner.ts';
import type { ModelPack } from './pack.ts';
import type { SessionOptions } from './session.ts';
import { serve } from './thread.ts';
import type { CaptionScores, GenerateOptions, Generation } from './types.ts';

/** What the thread offers; a dual encoder only embeds. */
export type LanguageOffers = {
  embed(texts: readonly string[]): Promise<Float32Array[]>;
  caption(clips: readonly Float32Array[], options: GenerateOptions): Promise<Generation[]>;
  answer(tokens: Float32Array, question: string, options: GenerateOptions): Promise<Generation>;
  score(tokens: Float32Array, question: string, candidates: readonly string[]): Promise<number[]>;
  scoreCaption(text: string, clips: readonly Float32Array[]): Promise<CaptionScores>;
  locate(tokens: Float32Array, embedding: Float32Array): Promise<Float32Array>;
};

/** What it starts with. */
export interface LanguageStart {
  readonly pack: ModelPack;
  readonly session: SessionOptions;
}

await serve(async (start): Promise<Partial<LanguageOffers>> => {
  const { pack, session } = start as LanguageStart;
  if (pack.kind === 'dual-encoder') {
    const runner = await DualText.open(pack, session);
    return { embed: (texts) => runner.embed(texts) };
  }
  const runner = await MammutLanguage.open(pack, session);
  return {
    embed: (texts) => runner.embed(texts),
    caption: (clips, options) => runner.caption(clips, options),
    answer: (tokens, question, options) => runner.answer(tokens, question, options),
    score: (tokens, question, candidates) => runner.score(tokens, question, candidates),
    scoreCaption: (text, clips) => runner.scoreCaption(text, clips),
    locate: (tokens, embedding) => runner.locate(tokens, embedding),
  };
});
