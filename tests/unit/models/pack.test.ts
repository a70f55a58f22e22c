import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  answerCalibration,
  AT_ITS_WORD,
  calibrationOf,
} from '../../../electron/engine/models/calibration.ts';
import type { MammutManifest } from '../../../electron/engine/models/manifest.ts';
import { listPacks, loadPack } from '../../../electron/engine/models/pack.ts';
import { writeColourEncoder } from './colour-encoder.ts';

const FILES = ['vision.onnx', 'text.onnx', 'decoder.onnx', 'tokenizer.json'];

function manifest(change: Partial<MammutManifest> = {}): MammutManifest {
  const files = FILES.map((name): [string, { sha256: string; bytes: number }] => [
    name,
    { sha256: createHash('sha256').update(name).digest('hex'), bytes: name.length },
  ]);
  return {
    format: 1,
    kind: 'mammut',
    id: 'tiny',
    revision: 'r1',
    name: 'Tiny',
    description: '',
    licence: 'MIT',
    capabilities: ['search', 'caption'],
    input: {
      frames: 16,
      size: 32,
      seconds: 4,
      resize: 'squash',
      tubes: [
        { name: 'image', input: 'image', kernel: [1, 16, 16], stride: [16, 16, 16], offset: [8, 0, 0] },
      ],
      still: ['image'],
    },
    dims: {
      embedding: 8,
      tokens: 5,
      tokenWidth: 4,
      grid: { first: 1, rows: 2, columns: 2 },
      vocabulary: 10,
      textLength: 12,
      layers: 1,
      heads: 1,
      headWidth: 4,
    },
    tokenizer: {
      file: 'tokenizer.json',
      pad: 0,
      bos: 1,
      eos: 2,
      unk: 3,
      captionPrompt: [1, 4],
      answerPrompt: { before: [1, 5], after: [6] },
      text: { before: [1], after: [2] },
    },
    similarity: { scale: 14 },
    files: Object.fromEntries(files),
    ...change,
  };
}

describe('loading a pack', () => {
  let parent: string;
  let directory: string;

  /** A pack whose files hold their own names; only the manifest and the seals matter here. */
  async function writePack(content: unknown = manifest()): Promise<void> {
    await mkdir(directory, { recursive: true });
    for (const name of FILES) await writeFile(join(directory, name), name);
    await writeFile(
      join(directory, 'manifest.json'),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'tubelet-pack-'));
    directory = join(parent, 'tiny');
  });
  afterEach(async () => {
    await rm(parent, { recursive: true });
  });

  it('tells the engine what it needs to know', async () => {
    await writePack();
    const pack = await loadPack(directory);
    expect(pack.facts).toEqual({
      id: 'tiny',
      name: 'Tiny',
      revision: 'r1',
      kind: 'mammut',
      capabilities: ['search', 'caption'],
      geometry: { frames: 16, size: 32, seconds: 4, tubes: manifest().input.tubes, still: ['image'] },
      embedding: 8,
      tokens: 5,
      tokenWidth: 4,
      grid: { first: 1, rows: 2, columns: 2 },
      similarityScale: 14,
    });
  });

  it('hands on what was measured of it', async () => {
    const trust = { bias: -1, own: 0.5, agreement: 4 };
    const calibration = {
      revision: 'r1',
      captions: { trust, sameMeaning: 0.7 },
      answers: { sameAnswer: 0.9, kinds: { colour: { trust, abstainBelow: 0.3 } } },
      places: { trust, presentFrom: 0.4 },
    };
    await writePack(manifest({ calibration }));
    const { facts } = await loadPack(directory);
    expect(facts.calibration).toEqual(calibration);
    expect(calibrationOf(facts).places.presentFrom).toBe(0.4);
    expect(answerCalibration(facts, 'colour').abstainBelow).toBe(0.3);
    expect(answerCalibration(facts, 'who').trust).toEqual(AT_ITS_WORD);
    expect(calibrationOf({ ...facts, revision: 'r2' }).places).toEqual({
      trust: AT_ITS_WORD,
      presentFrom: 0.5,
    });
  });

  it('says where it looked when there is no pack', async () => {
    await expect(loadPack(directory)).rejects.toMatchObject({ code: 'pack-missing', path: directory });
  });

  it('refuses a file of another size, naming pack and file', async () => {
    await writePack();
    await writeFile(join(directory, 'text.onnx'), 'short');
    await expect(loadPack(directory)).rejects.toMatchObject({
      code: 'pack-invalid',
      message: 'The file text.onnx of the model pack "tiny" is damaged: it has 5 bytes instead of 9.',
      path: join(directory, 'text.onnx'),
    });
  });

  it('refuses a file of the same size with other bytes', async () => {
    await writePack();
    await writeFile(join(directory, 'text.onnx'), 'TEXT.onnx');
    await expect(loadPack(directory)).rejects.toMatchObject({
      code: 'pack-invalid',
      message: 'The file text.onnx of the model pack "tiny" is damaged: its checksum differs.',
    });
  });

  it('refuses a pack that lacks a file', async () => {
    await writePack();
    await rm(join(directory, 'decoder.onnx'));
    await expect(loadPack(directory)).rejects.toMatchObject({
      code: 'pack-invalid',
      message: 'The model pack "tiny" lacks its file decoder.onnx.',
    });
  });

  it('asks for an update when the pack has a newer format', async () => {
    await writePack({ ...manifest(), format: 2 });
    await expect(loadPack(directory)).rejects.toMatchObject({
      code: 'pack-invalid',
      message: 'The model pack "tiny" has format 2; this version reads 1.',
      hint: expect.stringContaining('Update') as string,
    });
  });

  it.each([
    ['text that is not JSON', '{', /manifest\.json cannot be read/],
    ['a capability that is not known', { ...manifest(), capabilities: ['dream'] }, /capabilities/],
    [
      'a still tube that is not there',
      { ...manifest(), input: { ...manifest().input, still: ['x'] } },
      /still/,
    ],
    ['a graph without a seal', { ...manifest(), files: {} }, /no entry for vision\.onnx/],
    [
      'a file outside its folder',
      { ...manifest(), files: { '../x': { sha256: 'a'.repeat(64), bytes: 1 } } },
      /files/,
    ],
  ])('refuses a manifest with %s', async (_, content, message) => {
    await writePack(content);
    await expect(loadPack(directory)).rejects.toMatchObject({
      code: 'pack-invalid',
      message: expect.stringMatching(message) as string,
    });
  });

  it('believes a checksum of an earlier start while size and time are the same', async () => {
    await writePack();
    const verdicts = join(parent, 'cache', 'verdicts.json');
    const path = join(directory, 'text.onnx');
    const written = new Date('2026-01-02T03:04:05Z');
    await utimes(path, written, written);
    await loadPack(directory, { verdicts });
    await writeFile(path, 'TEXT.onnx');
    await utimes(path, written, written);
    await expect(loadPack(directory, { verdicts })).resolves.toMatchObject({ kind: 'mammut' });
    const later = new Date(written.getTime() + 1000);
    await utimes(path, later, later);
    await expect(loadPack(directory, { verdicts })).rejects.toMatchObject({ code: 'pack-invalid' });
  });

  it('does its work again when the remembered verdicts are damaged', async () => {
    await writePack();
    const verdicts = join(parent, 'verdicts.json');
    await writeFile(verdicts, '{"half');
    await expect(loadPack(directory, { verdicts })).resolves.toMatchObject({ kind: 'mammut' });
    expect(JSON.parse(await readFile(verdicts, 'utf8'))).toHaveProperty([
      `sha256 ${join(directory, 'text.onnx')}`,
    ]);
  });

  it('lists usable and refused packs, and skips folders without one', async () => {
    await writePack();
    await writeFile(join(directory, 'text.onnx'), '');
    await writeColourEncoder(parent);
    await mkdir(join(parent, 'empty'));
    const listings = await listPacks([parent, join(parent, 'nowhere')]);
    expect(listings.map(({ pack, error }) => pack?.facts.id ?? error?.code)).toEqual([
      'colours',
      'pack-invalid',
    ]);
  });
});
