/** The language side of a `mammut` pack on the thread that it is called on: one decoder, both passes. */
import { join } from 'node:path';
import { TubeletError } from '../errors.ts';
import { CachedDecoding, visionTokens } from './cached-decoding.ts';
import { generateSequences, logSumExp } from './generate.ts';
import { cacheNames, decoderGraph, locateGraph, textGraph } from './graphs.ts';
import type { MammutManifest } from './manifest.ts';
import type { MammutPack } from './pack.ts';
import { floats, GraphSession, idTensor, Tensor } from './session.ts';
import type { SessionOptions } from './session.ts';
import { lightTokens } from './small-words.ts';
import { TextTokenizer } from './tokenizer.ts';
import type { CaptionScores, GenerateOptions, Generation } from './types.ts';

/** What every language side can do. */
export interface TextRunner {
  /** One unit-length embedding a text. */
  embed(texts: readonly string[]): Promise<Float32Array[]>;
}

/** Most rows (clips, or candidates) that go through the decoder together. */
const ROWS = 16;
/** Room that is kept after a question: four tokens of an answer and the end. */
const ANSWER_ROOM = 5;

/** Loads the graphs of a pack as they are first needed; the text graph at once. */
export class MammutLanguage implements TextRunner {
  readonly #pack: MammutPack;
  readonly #options: SessionOptions;
  readonly #tokenizer: TextTokenizer;
  readonly #text: GraphSession;
  #light: ReadonlySet<number> | undefined;
  #decoder: Promise<GraphSession> | undefined;
  #locator: Promise<GraphSession> | undefined;

  private constructor(
    pack: MammutPack,
    options: SessionOptions,
    tokenizer: TextTokenizer,
    text: GraphSession,
  ) {
    this.#pack = pack;
    this.#options = options;
    this.#tokenizer = tokenizer;
    this.#text = text;
  }

  /** @throws TubeletError `pack-invalid` where the tokenizer or a graph does not fit the pack. */
  static async open(pack: MammutPack, options: SessionOptions): Promise<MammutLanguage> {
    const { manifest, directory, facts } = pack;
    const tokenizer = await TextTokenizer.open(
      join(directory, manifest.tokenizer.file),
      manifest.tokenizer.unk,
    );
    const text = await GraphSession.open(
      facts.id,
      join(directory, 'text.onnx'),
      textGraph(manifest),
      options,
    );
    return new MammutLanguage(pack, options, tokenizer, text);
  }

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    const { dims, tokenizer } = this.#pack.manifest;
    const { before, after } = tokenizer.text;
    const room = dims.textLength - before.length - after.length;
    const embeddings: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += ROWS) {
      const rows = texts
        .slice(start, start + ROWS)
        .map((text) => [...before, ...this.#tokenizer.encode(text, room), ...after]);
      const outputs = await this.#text.run({ input_ids: idTensor(padded(rows, tokenizer.pad)) });
      const values = floats(outputs, 'embedding');
      rows.forEach((_, row) =>
        embeddings.push(values.slice(row * dims.embedding, (row + 1) * dims.embedding)),
      );
    }
    return embeddings;
  }

  /** A caption of each clip; the clips are decoded together. */
  async caption(clips: readonly Float32Array[], options: GenerateOptions): Promise<Generation[]> {
    const { captionPrompt } = this.#pack.manifest.tokenizer;
    const captions: Generation[] = [];
    const together = Math.max(1, Math.floor((2 * ROWS) / options.beams));
    for (let start = 0; start < clips.length; start += together) {
      captions.push(...(await this.#generate(captionPrompt, clips.slice(start, start + together), options)));
    }
    return captions;
  }

  /** An answer to a question about a clip. */
  async answer(tokens: Float32Array, question: string, options: GenerateOptions): Promise<Generation> {
    const [answer] = await this.#generate(this.#questionPrompt(question), [tokens], options);
    if (answer === undefined) throw new TubeletError('internal', 'The decoder gave no answer.');
    return answer;
  }

  /** The log probability of each candidate, its end included, as the answer. */
  async score(tokens: Float32Array, question: string, candidates: readonly string[]): Promise<number[]> {
    const prompt = this.#questionPrompt(question);
    const scores: number[] = [];
    for (let start = 0; start < candidates.length; start += ROWS) {
      const some = candidates.slice(start, start + ROWS).map((text) => this.#ended(prompt, text));
      scores.push(
        ...(await this.#logProbabilities(
          prompt,
          some,
          some.map(() => tokens),
        )),
      );
    }
    return scores;
  }

  /** The log probability of a text, its end included, as the caption of each clip. */
  async scoreCaption(text: string, clips: readonly Float32Array[]): Promise<CaptionScores> {
    const { captionPrompt } = this.#pack.manifest.tokenizer;
    const written = this.#ended(captionPrompt, text);
    const logProbabilities: number[] = [];
    for (let start = 0; start < clips.length; start += ROWS) {
      const some = clips.slice(start, start + ROWS);
      const texts = some.map(() => written);
      logProbabilities.push(...(await this.#logProbabilities(captionPrompt, texts, some)));
    }
    return { logProbabilities, length: written.length };
  }

  /** One score a grid cell for the phrase with this embedding. */
  async locate(tokens: Float32Array, embedding: Float32Array): Promise<Float32Array> {
    const { manifest, directory, facts } = this.#pack;
    const { dims } = manifest;
    const path = join(directory, 'locate.onnx');
    this.#locator ??= GraphSession.open(facts.id, path, locateGraph(manifest), this.#options);
    const locator = await this.#locator;
    const outputs = await locator.run({
      tokens: visionTokens([tokens], dims.tokens, dims.tokenWidth),
      embedding: new Tensor('float32', embedding, [1, dims.embedding]),
    });
    return floats(outputs, 'heat').slice();
  }

  async #generate(
    prompt: readonly number[],
    clips: readonly Float32Array[],
    options: GenerateOptions,
  ): Promise<Generation[]> {
    const { dims, tokenizer } = this.#pack.manifest;
    const decoding = new CachedDecoding(await this.#openDecoder(), dims, prompt, clips);
    const limit = Math.min(options.maxTokens, dims.textLength - prompt.length);
    const sequences = await generateSequences(
      decoding,
      clips.length,
      {
        size: dims.vocabulary,
        end: tokenizer.eos,
        blocked: promptTokens(this.#pack.manifest),
        light: (this.#light ??= lightTokens(this.#tokenizer, dims.vocabulary)),
      },
      { ...options, maxTokens: limit },
    );
    return sequences.map((found) => {
      const [best, ...others] = found.map((sequence) => ({
        ...sequence,
        text: this.#tokenizer.decode(sequence.tokenIds),
      }));
      if (best === undefined) throw new TubeletError('internal', 'The decoder finished nothing.');
      return { ...best, others };
    });
  }

  /** What follows a prompt: the text, cut to what there is room for, and the end. */
  #ended(prompt: readonly number[], text: string): number[] {
    const { dims, tokenizer } = this.#pack.manifest;
    return [...this.#tokenizer.encode(text, dims.textLength - prompt.length - 1), tokenizer.eos];
  }

  /** The log probability of each text after the prompt, each over the tokens of its own clip, in one run. */
  async #logProbabilities(
    prompt: readonly number[],
    texts: readonly (readonly number[])[],
    clips: readonly Float32Array[],
  ): Promise<number[]> {
    const { dims, tokenizer } = this.#pack.manifest;
    const decoder = await this.#openDecoder();
    // The end of a text predicts nothing.
    const rows = padded(
      texts.map((text) => [...prompt, ...text.slice(0, -1)]),
      tokenizer.pad,
    );
    const empty = new Tensor('float32', new Float32Array(), [rows.length, dims.heads, 0, dims.headWidth]);
    const past = Object.fromEntries(cacheNames('past', dims.layers).map((name) => [name, empty]));
    const vision = visionTokens(clips, dims.tokens, dims.tokenWidth);
    const outputs = await decoder.run({ input_ids: idTensor(rows), tokens: vision, ...past });
    const logits = floats(outputs, 'logits');
    const length = rows[0]?.length ?? 0;
    return texts.map((text, row) =>
      text.reduce((sum, id, place) => {
        const at = (row * length + prompt.length - 1 + place) * dims.vocabulary;
        const next = logits.subarray(at, at + dims.vocabulary);
        return sum + (next[id] ?? -Infinity) - logSumExp(next);
      }, 0),
    );
  }

  #questionPrompt(question: string): number[] {
    const { dims, tokenizer } = this.#pack.manifest;
    const { before, after } = tokenizer.answerPrompt;
    const room = dims.textLength - before.length - after.length - ANSWER_ROOM;
    return [...before, ...this.#tokenizer.encode(question, room), ...after];
  }

  #openDecoder(): Promise<GraphSession> {
    const { manifest, directory, facts } = this.#pack;
    const path = join(directory, 'decoder.onnx');
    return (this.#decoder ??= GraphSession.open(facts.id, path, decoderGraph(manifest), this.#options));
  }
}

/** Tokens that stand in prompts and frames: they are read, never written. */
function promptTokens({ tokenizer }: MammutManifest): number[] {
  const { pad, bos, unk, eos, captionPrompt, answerPrompt, text } = tokenizer;
  const all = [
    pad,
    bos,
    unk,
    ...captionPrompt,
    ...answerPrompt.before,
    ...answerPrompt.after,
    ...text.before,
  ];
  return [...new Set(all)].filter((id) => id !== eos);
}

/** Rows filled up to the longest with the padding id. */
function padded(rows: readonly (readonly number[])[], pad: number): number[][] {
  const length = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array<number>(length - row.length).fill(pad)]);
}
