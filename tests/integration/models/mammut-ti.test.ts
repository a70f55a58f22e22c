import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLanguageModel } from '../../../electron/engine/models/language-model.ts';
import { loadPack } from '../../../electron/engine/models/pack.ts';
import type { MammutPack } from '../../../electron/engine/models/pack.ts';
import { selfTestPack } from '../../../electron/engine/models/self-test.ts';
import { TextTokenizer } from '../../../electron/engine/models/tokenizer.ts';
import type {
  EncodedClip,
  GenerateOptions,
  LanguageModel,
  VisionEncoder,
} from '../../../electron/engine/models/types.ts';
import { openVisionEncoder } from '../../../electron/engine/models/vision-encoder.ts';
import { allocateRows, gatherTubelets } from '../../../electron/engine/tubelets/gather.ts';
import { absence, goldenClip, PACK, readGolden } from './golden.ts';
import type { Golden } from './golden.ts';

/** What PyTorch and ONNX Runtime may differ by, in embeddings and in tokens. */
const TOLERANCE = 1e-3;
const GREEDY = {
  beams: 1,
  minTokens: 0,
  noRepeatNgram: 0,
  repeatPenalty: 0,
} satisfies Partial<GenerateOptions>;

const missing = absence();
if (missing !== null) console.warn(`Skipped: the built-in pack against PyTorch, because ${missing}.`);

function expectNear(actual: Float32Array, expected: readonly number[]): void {
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value), `place ${i}`).toBeLessThan(TOLERANCE);
  });
}

describe.skipIf(missing !== null)('the built-in pack', () => {
  let golden: Golden;
  let pack: MammutPack;
  let vision: VisionEncoder;
  let language: LanguageModel;
  let clip: EncodedClip;
  let still: EncodedClip;

  beforeAll(async () => {
    golden = readGolden();
    const loaded = await loadPack(PACK);
    if (loaded.kind !== 'mammut') throw new Error('The built-in pack has another kind.');
    pack = loaded;
    vision = await openVisionEncoder(pack);
    language = await openLanguageModel(pack);
    const { frames, size } = golden.clip;
    const middle = goldenClip(frames, size).slice(8 * size * size * 3, 9 * size * size * 3);
    [clip, still] = await Promise.all([
      vision.embedClip(goldenClip(frames, size), frames),
      vision.embedClip(middle, 1),
    ]);
  });
  afterAll(async () => {
    await Promise.all([vision.close(), language.close()]);
  });

  it('is the revision that the golden numbers were made with', () => {
    expect(pack.facts.revision).toBe(golden.revision);
  });

  it('gathers the rows that PyTorch gathers', () => {
    const { frames, size, rowSums, firstRowStart, lastRowEnd } = golden.clip;
    const rows = allocateRows(pack.facts.geometry, frames);
    gatherTubelets(pack.facts.geometry, goldenClip(frames, size), frames, rows);
    expect(rows.map((row) => row.reduce((sum, byte) => sum + byte, 0))).toEqual(rowSums);
    expect(rows.map((row) => [...row.subarray(0, 6)])).toEqual(firstRowStart);
    expect(rows.map((row) => [...row.subarray(-6)])).toEqual(lastRowEnd);
  });

  it.each(['clip', 'still'] as const)('encodes a %s as PyTorch does', (kind) => {
    const { embedding, tokens } = kind === 'clip' ? clip : still;
    const { tokenWidth } = pack.facts;
    expectNear(embedding, golden[kind].embedding);
    expectNear(tokens.subarray(0, tokenWidth), golden[kind].tokenZero);
    expectNear(tokens.subarray(-tokenWidth), golden[kind].tokenLast);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
    expect(Math.hypot(...tokens)).toBeCloseTo(golden[kind].tokensNorm, 1);
  });

  it('gives each still of a batch what it gets alone', async () => {
    const { size } = golden.clip;
    const frame = (t: number): Uint8Array =>
      goldenClip(16, size).slice(t * size * size * 3, (t + 1) * size * size * 3);
    const alone: EncodedClip[] = [];
    for (const t of [0, 4, 8, 12]) alone.push(await vision.embedClip(frame(t), 1));
    const together = await Promise.all([0, 4, 8, 12].map((t) => vision.embedClip(frame(t), 1)));
    together.forEach((encoded, i) => {
      expectNear(encoded.embedding, [...alone[i]!.embedding]);
    });
  });

  it('splits texts into the same ids, and puts them together again', async () => {
    const { tokenizer, dims } = pack.manifest;
    const codec = await TextTokenizer.open(join(PACK, tokenizer.file), tokenizer.unk);
    const { before, after } = tokenizer.text;
    const closed = (text: string): string => text.replaceAll(' ', '');
    for (const { text, ids, decoded } of golden.texts) {
      const words = codec.encode(text, dims.textLength - before.length - after.length);
      expect([...before, ...words, ...after], text).toEqual(ids);
      expect(closed(codec.decode(words)), text).toBe(closed(decoded));
    }
  });

  it('embeds texts as PyTorch does, alone and in a batch', async () => {
    const texts = golden.texts.map(({ text }) => text);
    const together = await language.embedTexts(texts);
    golden.texts.forEach(({ embedding }, i) => {
      expectNear(together[i]!, embedding);
      expect(Math.hypot(...together[i]!)).toBeCloseTo(1, 4);
    });
    const [alone] = await language.embedTexts([`${texts[0]} `]);
    expectNear(alone!, golden.texts[0]!.embedding);
  });

  it.each(['clip', 'still'] as const)('writes the caption of a %s that PyTorch writes', async (kind) => {
    const expected = golden[kind].greedyCaption;
    const { tokens } = kind === 'clip' ? clip : still;
    const caption = await language.caption(tokens, { ...GREEDY, maxTokens: expected.length });
    expect(caption.tokenIds).toEqual(expected);
    const answer = await language.answer(tokens, golden.question, {
      ...GREEDY,
      maxTokens: golden[kind].greedyAnswer.length,
    });
    expect(answer.tokenIds).toEqual(golden[kind].greedyAnswer);
  });

  it('takes a sentence with quotes and a full stop for the sentence alone', async () => {
    const [plain, sentence, question] = await language.embedTexts([
      'a dog runs on the beach',
      ' "A dog runs on the beach." ',
      'a dog runs on the beach?',
    ]);
    expect(sentence).toEqual(plain);
    expect(question).not.toEqual(plain);
  });

  it('writes the same captions for many clips at once as for each alone', async () => {
    const many = await language.captionMany([clip.tokens, still.tokens, clip.tokens]);
    const alone = [await language.caption(clip.tokens), await language.caption(still.tokens)];
    expect(many.map(({ text }) => text)).toEqual([alone[0]!.text, alone[1]!.text, alone[0]!.text]);
    expect(many[0]!.logProbability).toBeCloseTo(alone[0]!.logProbability, 2);
    expect(many[0]!.confidence).toBeGreaterThan(0);
    expect(many[0]!.confidence).toBeLessThanOrEqual(1);
  });

  it('finds no greedy caption more probable than the one that a wide beam finds', async () => {
    const plain = { minTokens: 0, noRepeatNgram: 0, lengthPenalty: 0, maxTokens: 8 };
    const [greedy, wide] = await Promise.all(
      [1, 8].map((beams) => language.caption(clip.tokens, { ...plain, beams })),
    );
    expect(wide!.logProbability).toBeGreaterThanOrEqual(greedy!.logProbability - TOLERANCE);
  });

  it('scores each candidate alike, whatever stands beside it', async () => {
    const candidates = ['a dog', 'a man in a black hat', 'yes'];
    const scores = await language.scoreAnswers(still.tokens, golden.question, candidates);
    for (const [i, candidate] of candidates.entries()) {
      const [alone] = await language.scoreAnswers(still.tokens, golden.question, [candidate]);
      expect(alone).toBeLessThan(0);
      expect(scores[i]).toBeCloseTo(alone!, 3);
    }
  });

  it('finds its own caption likely, and likelier over the clip that it wrote it for', async () => {
    const { text, logProbability } = await language.caption(clip.tokens, { beams: 1 });
    const black = clip.tokens.map(() => 0);
    const { logProbabilities, length } = await language.scoreCaption(text, [clip.tokens, black]);
    expect(length).toBeGreaterThan(text.split(' ').length);
    expect(logProbabilities[0]).toBeCloseTo(logProbability, 2);
    expect(logProbabilities[0]).toBeGreaterThan(logProbabilities[1]!);
  });

  it('locates a phrase on the grid of the pack, each cell between 0 and 1', async () => {
    const { rows, columns } = pack.manifest.dims.grid;
    const heat = await language.locate(clip.tokens, 'a dog');
    expect(heat).toHaveLength(rows * columns);
    for (const value of heat) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
    const other = await language.locate(clip.tokens, 'the sky above a road');
    expect([...other]).not.toEqual([...heat]);
  });

  it('answers a text while a long caption is being written', async () => {
    const order: string[] = [];
    const captions = language
      .captionMany(Array.from({ length: 8 }, () => clip.tokens))
      .then(() => order.push('captions'));
    const text = language.embedTexts(['a query that arrives later']).then(() => order.push('text'));
    await Promise.all([captions, text]);
    expect(order).toEqual(['text', 'captions']);
  });

  it('can be closed in the middle of a run: what waits is cancelled, the process lives', async () => {
    const { frames, size } = golden.clip;
    const another = await openVisionEncoder(pack);
    const waiting = Promise.allSettled(
      [1, 2, 3].map(() => another.embedClip(goldenClip(frames, size), frames)),
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    await another.close();
    for (const outcome of await waiting) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
    }
  });

  it('passes its self-test', async () => {
    const report = await selfTestPack(pack);
    const failed = report.checks.filter((check) => !check.passed);
    expect(failed).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toEqual([
      'open',
      'still',
      'clip',
      'text',
      'caption',
      'answer',
      'locate',
    ]);
  });

  it('refuses frames and tokens of the wrong size', async () => {
    await expect(vision.embedClip(new Uint8Array(10), 1)).rejects.toThrow(/needs \d+ bytes/);
    await expect(language.caption(new Float32Array(3))).rejects.toThrow(/token values/);
    await expect(language.caption(clip.tokens, { beams: 0 })).rejects.toMatchObject({ code: 'usage' });
  });
});
