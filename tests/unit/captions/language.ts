import type { PackCalibration } from '../../../electron/engine/models/calibration.ts';
import type { Generation, LanguageModel, PackFacts } from '../../../electron/engine/models/types.ts';

export const PACK: PackFacts = {
  id: 'small',
  name: 'Small',
  revision: 'r1',
  kind: 'mammut',
  capabilities: ['search', 'caption', 'answer', 'locate'],
  geometry: { frames: 1, size: 8, seconds: 4, tubes: [], still: [] },
  embedding: 64,
  tokens: 1,
  tokenWidth: 1,
  grid: { first: 0, rows: 3, columns: 3 },
  similarityScale: 10,
};

/** A unit vector in which each word has an axis of its own (by hash): texts that share words are alike. */
export function bagOfWords(text: string): Float32Array {
  const vector = new Float32Array(PACK.embedding);
  for (const word of text.toLowerCase().match(/\p{L}{3,}/gu) ?? ['']) {
    let hash = 7;
    for (const letter of word) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
    const axis = hash % vector.length;
    vector[axis] = (vector[axis] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

export function generation(text: string, confidence = 0.5): Generation {
  return { text, tokenIds: [], logProbability: Math.log(confidence), confidence };
}

/** What a decoder that has learnt its script by heart says; a clip's first token value is its number in the script. */
export interface Script {
  readonly captions?: readonly Generation[];
  readonly answer?: (clip: number, question: string) => Generation;
  readonly scores?: (clip: number, question: string, candidates: readonly string[]) => number[];
  readonly heat?: (clip: number, phrase: string) => Float32Array;
  readonly reading?: (clip: number, text: string) => number;
  readonly capabilities?: PackFacts['capabilities'];
  readonly calibration?: PackCalibration;
}

const clipOf = (tokens: Float32Array): number => Math.round(tokens[0] ?? -1);
const unscripted = (what: string): never => {
  throw new Error(`The script has no ${what}`);
};

/** A language model that follows a script; `calls` counts the clips that were captioned. */
export function scripted(script: Script): LanguageModel & { readonly calls: { captioned: number } } {
  const calls = { captioned: 0 };
  const caption = (tokens: Float32Array): Generation => {
    calls.captioned += 1;
    return script.captions?.[clipOf(tokens)] ?? unscripted(`caption ${clipOf(tokens)}`);
  };
  return {
    calls,
    pack: {
      ...PACK,
      capabilities: script.capabilities ?? PACK.capabilities,
      ...(script.calibration ? { calibration: script.calibration } : {}),
    },
    embedTexts: (texts) => Promise.resolve(texts.map(bagOfWords)),
    caption: (tokens) => Promise.resolve(caption(tokens)),
    captionMany: (many) => Promise.resolve(many.map(caption)),
    answer: (tokens, question) =>
      Promise.resolve(script.answer?.(clipOf(tokens), question) ?? unscripted('answer')),
    scoreAnswers: (tokens, question, candidates) =>
      Promise.resolve(script.scores?.(clipOf(tokens), question, candidates) ?? unscripted('scores')),
    scoreCaption: (text, clips) =>
      Promise.resolve({
        logProbabilities: clips.map((clip) => script.reading?.(clipOf(clip), text) ?? unscripted('reading')),
        length: text.split(' ').length + 1,
      }),
    locate: (tokens, phrase) => Promise.resolve(script.heat?.(clipOf(tokens), phrase) ?? unscripted('heat')),
    close: () => Promise.resolve(),
  };
}
