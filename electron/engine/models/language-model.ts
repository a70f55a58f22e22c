/** The language side of a pack in a thread of its own: text embeddings, captions, answers and localisation. */
import { TubeletError } from '../errors.ts';
import type { LanguageOffers, LanguageStart } from './language.worker.ts';
import type { ModelPack } from './pack.ts';
import { RecentMap } from './recent.ts';
import type { SessionOptions } from './session.ts';
import { Thread, workerUrl } from './thread.ts';
import type {
  Capability,
  CaptionScores,
  GenerateOptions,
  Generation,
  LanguageModel,
  PackFacts,
} from './types.ts';

/** How captions are written unless told otherwise. */
export const CAPTION_DEFAULTS: GenerateOptions = {
  beams: 4,
  maxTokens: 24,
  minTokens: 4,
  lengthPenalty: 0.8,
  noRepeatNgram: 3,
  repeatPenalty: 2,
};

/** How answers are written unless told otherwise: a word or two. */
export const ANSWER_DEFAULTS: GenerateOptions = {
  beams: 3,
  maxTokens: 5,
  minTokens: 0,
  lengthPenalty: 0.5,
  noRepeatNgram: 0,
  repeatPenalty: 0,
};

/** Text embeddings that are kept for the next time: queries are asked again and again while a person types. */
const REMEMBERED_TEXTS = 512;

/**
 * Starts the language side of a pack.
 *
 * @throws TubeletError `pack-invalid` where the tokenizer or a graph does not fit the pack.
 */
export async function openLanguageModel(
  pack: ModelPack,
  options: SessionOptions = {},
): Promise<LanguageModel> {
  const model = new ThreadedLanguage(pack, options);
  await model.start();
  return model;
}

class ThreadedLanguage implements LanguageModel {
  readonly pack: PackFacts;
  readonly #thread: Thread<LanguageOffers>;
  readonly #embeddings = new RecentMap<string, Float32Array>(REMEMBERED_TEXTS);

  constructor(pack: ModelPack, session: SessionOptions) {
    this.pack = pack.facts;
    const start: LanguageStart = { pack, session };
    this.#thread = new Thread(workerUrl('language', import.meta.url), 'language model', start);
  }

  start(): Promise<void> {
    return this.#thread.start();
  }

  async embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    this.#require('search');
    const known = new Map<string, Float32Array>();
    for (const text of texts) {
      const embedding = this.#embeddings.get(text);
      if (embedding !== undefined) known.set(text, embedding);
    }
    const missing = [...new Set(texts)].filter((text) => !known.has(text));
    const made = missing.length === 0 ? [] : await this.#thread.call('embed', [missing]);
    missing.forEach((text, index) => {
      const embedding = made[index];
      if (embedding === undefined) throw new TubeletError('internal', 'The language model lost a text.');
      known.set(text, embedding);
      this.#embeddings.set(text, embedding);
    });
    // Copies, so that nobody changes what is remembered.
    return texts.flatMap((text) => known.get(text)?.slice() ?? []);
  }

  async caption(tokens: Float32Array, options?: Partial<GenerateOptions>): Promise<Generation> {
    const [caption] = await this.captionMany([tokens], options);
    if (caption === undefined) throw new TubeletError('internal', 'The language model lost a caption.');
    return caption;
  }

  async captionMany(
    tokens: readonly Float32Array[],
    options: Partial<GenerateOptions> = {},
  ): Promise<Generation[]> {
    this.#require('caption');
    tokens.forEach((clip) => {
      this.#check(clip);
    });
    return this.#thread.call('caption', [tokens, checked({ ...CAPTION_DEFAULTS, ...options })]);
  }

  async answer(
    tokens: Float32Array,
    question: string,
    options: Partial<GenerateOptions> = {},
  ): Promise<Generation> {
    this.#require('answer');
    this.#check(tokens);
    return this.#thread.call('answer', [tokens, question, checked({ ...ANSWER_DEFAULTS, ...options })]);
  }

  async scoreAnswers(
    tokens: Float32Array,
    question: string,
    candidates: readonly string[],
  ): Promise<number[]> {
    this.#require('answer');
    this.#check(tokens);
    return this.#thread.call('score', [tokens, question, candidates]);
  }

  async scoreCaption(text: string, clips: readonly Float32Array[]): Promise<CaptionScores> {
    this.#require('caption');
    clips.forEach((clip) => {
      this.#check(clip);
    });
    return this.#thread.call('scoreCaption', [text, clips]);
  }

  async locate(tokens: Float32Array, phrase: string): Promise<Float32Array> {
    this.#require('locate');
    this.#check(tokens);
    const [embedding] = await this.embedTexts([phrase]);
    if (embedding === undefined) throw new TubeletError('internal', 'The language model lost a phrase.');
    return this.#thread.call('locate', [tokens, embedding]);
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  /** A pack that cannot do something says so before anything runs. */
  #require(capability: Capability): void {
    if (this.pack.capabilities.includes(capability)) return;
    throw new TubeletError(
      'pack-incapable',
      `The model pack "${this.pack.id}" cannot do this: it lacks "${capability}".`,
      {
        hint: 'Choose a pack that can; `tubelet models` lists what each pack does.',
      },
    );
  }

  #check(tokens: Float32Array): void {
    const size = this.pack.tokens * this.pack.tokenWidth;
    if (tokens.length === size) return;
    throw new TubeletError(
      'internal',
      `A clip of this pack has ${size} token values, but ${tokens.length} were given.`,
    );
  }
}

/** @throws TubeletError `usage` where an option makes no sense. */
function checked(options: GenerateOptions): GenerateOptions {
  const { beams, maxTokens } = options;
  if (!Number.isInteger(beams) || beams < 1 || beams > 16) {
    throw new TubeletError('usage', `The number of beams must be a whole number from 1 to 16, not ${beams}.`);
  }
  if (!Number.isInteger(maxTokens) || maxTokens < 1) {
    throw new TubeletError('usage', `The number of tokens must be a whole number above 0, not ${maxTokens}.`);
  }
  return options;
}
