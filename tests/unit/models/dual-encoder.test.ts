import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openLanguageModel } from '../../../electron/engine/models/language-model.ts';
import { loadPack } from '../../../electron/engine/models/pack.ts';
import type { ModelPack } from '../../../electron/engine/models/pack.ts';
import type { LanguageModel, VisionEncoder } from '../../../electron/engine/models/types.ts';
import { openVisionEncoder } from '../../../electron/engine/models/vision-encoder.ts';
import { planes } from '../../../electron/engine/models/vision-runner.ts';
import { SIZE, writeColourEncoder } from './colour-encoder.ts';

const plain = (...colours: readonly (readonly [number, number, number])[]): Uint8Array =>
  Uint8Array.from(colours.flatMap((colour) => Array.from({ length: SIZE * SIZE }, () => colour).flat()));
const near = (values: readonly number[]): number[] =>
  values.map((value) => expect.closeTo(value, 5) as number);

describe('a dual encoder pack', () => {
  let parent: string;
  let pack: ModelPack;
  let vision: VisionEncoder;
  let language: LanguageModel;

  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'tubelet-dual-'));
    pack = await loadPack(await writeColourEncoder(parent));
    vision = await openVisionEncoder(pack, { threads: 1 });
    language = await openLanguageModel(pack, { threads: 1 });
  });
  afterAll(async () => {
    await Promise.all([vision.close(), language.close()]);
    await rm(parent, { recursive: true });
  });

  it('can search and nothing else, at the size that its preprocessor names', () => {
    expect(pack.facts).toMatchObject({
      id: 'colours',
      kind: 'dual-encoder',
      capabilities: ['search'],
      embedding: 3,
      tokens: 0,
      grid: null,
      geometry: { size: SIZE },
    });
  });

  it('embeds a clip as the normalised mean of the unit vectors of its frames', async () => {
    const clip = await vision.embedClip(plain([255, 0, 0], [0, 51, 0]), 2);
    expect([...clip.embedding]).toEqual(near([Math.SQRT1_2, Math.SQRT1_2, 0]));
    expect(clip.tokens).toHaveLength(0);
  });

  it('finds the picture that a text describes', async () => {
    const pictures = await Promise.all(
      [plain([200, 20, 10]), plain([10, 20, 200])].map((still) => vision.embedClip(still, 1)),
    );
    const [text] = await language.embedTexts(['Blue']);
    const scores = pictures.map(({ embedding }) =>
      embedding.reduce((sum, value, i) => sum + value * text![i]!, 0),
    );
    expect(scores[1]).toBeGreaterThan(0.9);
    expect(scores[0]).toBeLessThan(0.2);
  });

  it('gives unit vectors, and cuts texts at the longest length', async () => {
    const [mixed, long] = await language.embedTexts([
      'red green',
      `${'red '.repeat(6)}${'blue '.repeat(30)}`,
    ]);
    expect([...mixed!]).toEqual(near([Math.SQRT1_2, Math.SQRT1_2, 0]));
    expect(Math.hypot(...long!)).toBeCloseTo(1, 5);
  });

  it('says that it cannot write captions', async () => {
    await expect(language.caption(new Float32Array())).rejects.toMatchObject({
      code: 'pack-incapable',
      message: expect.stringContaining('"colours"') as string,
    });
    await expect(language.locate(new Float32Array(), 'red')).rejects.toMatchObject({
      code: 'pack-incapable',
    });
  });
});

describe('reading a dual encoder folder', () => {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'tubelet-dual-'));
  });
  afterEach(async () => {
    await rm(parent, { recursive: true });
  });

  it('fills texts up to one length for SigLIP, and takes a text graph without a mask', async () => {
    const pack = await loadPack(await writeColourEncoder(parent, { mask: false, modelType: 'siglip' }));
    expect(pack).toMatchObject({ layout: { padTo: 0, textLength: 6 } });
    const language = await openLanguageModel(pack, { threads: 1 });
    const [red] = await language.embedTexts(['red']);
    expect([...red!]).toEqual(near([1, 0, 0]));
    await language.close();
  });

  it('gives another revision when a file changes', async () => {
    const directory = await writeColourEncoder(parent);
    const before = await loadPack(directory);
    await writeFile(
      join(directory, 'preprocessor_config.json'),
      JSON.stringify({ size: SIZE, image_std: [1, 1, 0.5] }),
    );
    const after = await loadPack(directory);
    expect(after.facts.geometry.size).toBe(SIZE);
    expect(after.facts.revision).not.toBe(before.facts.revision);
  });

  it('names the file that is missing', async () => {
    const directory = await writeColourEncoder(parent);
    await rm(join(directory, 'onnx/text_model.onnx'));
    await expect(loadPack(directory)).rejects.toMatchObject({
      code: 'pack-invalid',
      message: expect.stringMatching(/"colours".*text_model\.onnx/) as string,
    });
  });

  it('names the tensor that a graph lacks', async () => {
    const directory = await writeColourEncoder(parent, {
      vision: {
        inputs: [{ name: 'pixels', type: 'float32', shape: ['batch', 3, SIZE, SIZE] }],
        outputs: [{ name: 'image_embeds', type: 'float32', shape: ['batch', 3, 1, 1] }],
        nodes: [{ op: 'GlobalAveragePool', inputs: ['pixels'], outputs: ['image_embeds'] }],
      },
    });
    const pack = await loadPack(directory);
    await expect(openVisionEncoder(pack, { threads: 1 })).rejects.toMatchObject({
      code: 'pack-invalid',
      message: expect.stringMatching(/"colours".*"pixel_values" is missing/) as string,
    });
  });

  it('turns interleaved bytes into normalised colour planes, frame by frame', () => {
    const frames = Uint8Array.from([
      10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
    const values = planes({ frames, frameCount: 2 }, 2, {
      rescale: 0.1,
      mean: [1, 0, 0],
      deviation: [1, 2, 1],
    });
    expect([...values]).toEqual(
      near([
        0, 3, 6, 9, 1, 2.5, 4, 5.5, 3, 6, 9, 12, -0.9, -0.6, -0.3, 0, 0.1, 0.25, 0.4, 0.55, 0.3, 0.6, 0.9,
        1.2,
      ]),
    );
  });
});
