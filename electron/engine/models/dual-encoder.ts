/**
 * Packs of kind `dual-encoder`: the folder layout in which CLIP, SigLIP and their kin are exchanged as ONNX (config.json,
 * preprocessor_config.json, tokenizer.json, onnx/vision_model*.onnx, onnx/text_model*.onnx). They have no manifest, so
 * what the app needs is read from these files. Search only.
 */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { TubeletError } from '../errors.ts';
import { sealOf } from './integrity.ts';
import { REINSTALL_HINT } from './reinstall-hint.ts';
import type { PackFacts } from './types.ts';
import type { VerdictFile } from '../verdict-file.ts';

/** Frames of a clip that are looked at; the clip's embedding is the normalised mean of theirs. */
const FRAMES = 4;
const SECONDS = 4;
/** The logit scale that CLIP and SigLIP end training with; the exchanged files do not carry it. */
const SIMILARITY_SCALE = 100;
/** Suffixes of the weight types, best first: full precision, then int8. A half-precision graph is slow on a CPU: last. */
const WEIGHT_SUFFIXES = ['', '_quantized', '_int8', '_uint8', '_fp16'] as const;

/** How the files of a dual-encoder pack are to be used. */
export interface DualEncoderLayout {
  /** Paths below the pack's folder. */
  readonly visionFile: string;
  readonly textFile: string;
  readonly tokenizerFile: string;
  /** Per colour: (byte * rescale - mean) / deviation. */
  readonly rescale: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Longest text in tokens. */
  readonly textLength: number;
  /** The id that fills a text up to `textLength`; null where texts keep their own length. */
  readonly padTo: number | null;
}

const side = z.int().positive();
const preprocessor = z.object({
  size: z.union([side, z.object({ height: side.optional(), shortest_edge: side.optional() })]).optional(),
  crop_size: z.union([side, z.object({ height: side })]).optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: z.array(z.number()).length(3).default([0.5, 0.5, 0.5]),
  image_std: z.array(z.number()).length(3).default([0.5, 0.5, 0.5]),
});
const textConfig = z.object({
  max_position_embeddings: side.optional(),
  pad_token_id: z.int().nullish(),
  projection_dim: side.optional(),
  hidden_size: side.optional(),
});
const config = z.object({
  model_type: z.string().default('clip'),
  _name_or_path: z.string().optional(),
  projection_dim: side.optional(),
  text_config: textConfig.default({}),
  vision_config: z.object({ image_size: side.optional() }).default({}),
});

/**
 * Reads a folder in that layout.
 *
 * @throws TubeletError `pack-invalid` that names the pack and the file that is missing or not understood.
 */
export async function readDualEncoder(
  directory: string,
  verdicts: VerdictFile,
): Promise<{ facts: PackFacts; layout: DualEncoderLayout }> {
  const model = await readJson(directory, 'config.json', config);
  const images = await readJson(directory, 'preprocessor_config.json', preprocessor);
  const [visionFile, textFile] = await Promise.all([
    pickGraph(directory, 'vision_model'),
    pickGraph(directory, 'text_model'),
  ]);
  const tokenizerFile = 'tokenizer.json';
  const seals = [];
  for (const file of [visionFile, textFile, tokenizerFile])
    seals.push(await sealOf(directory, file, verdicts));
  const settings = { model, images };
  const revision = createHash('sha256')
    .update(JSON.stringify([settings, seals.map((seal) => seal.sha256)]))
    .digest('hex')
    .slice(0, 12);
  const size = sideOf(images.crop_size) ?? sideOf(images.size) ?? model.vision_config.image_size ?? 224;
  const embedding = model.projection_dim ?? model.text_config.projection_dim ?? model.text_config.hidden_size;
  if (embedding === undefined)
    throw unreadable(directory, 'config.json', 'it does not say how long an embedding is');
  const padded = model.model_type.startsWith('siglip');
  return {
    facts: {
      id: basename(directory),
      name: model._name_or_path ?? basename(directory),
      revision,
      kind: 'dual-encoder',
      capabilities: ['search'],
      geometry: { frames: FRAMES, size, seconds: SECONDS, tubes: [], still: [] },
      embedding,
      tokens: 0,
      tokenWidth: 0,
      grid: null,
      similarityScale: SIMILARITY_SCALE,
    },
    layout: {
      visionFile,
      textFile,
      tokenizerFile,
      rescale: images.do_rescale ? images.rescale_factor : 1,
      mean: images.do_normalize ? images.image_mean : [0, 0, 0],
      deviation: images.do_normalize ? images.image_std : [1, 1, 1],
      textLength: model.text_config.max_position_embeddings ?? (padded ? 64 : 77),
      padTo: padded ? (model.text_config.pad_token_id ?? (model.model_type === 'siglip' ? 1 : 0)) : null,
    },
  };
}

/** The side of a square image, however the configuration writes it. */
function sideOf(size: z.infer<typeof preprocessor>['size']): number | undefined {
  return typeof size === 'object' ? (size.height ?? size.shortest_edge) : size;
}

async function pickGraph(directory: string, stem: string): Promise<string> {
  const files = new Set(await readdir(join(directory, 'onnx')).catch(() => [] as string[]));
  const suffix = WEIGHT_SUFFIXES.find((candidate) => files.has(`${stem}${candidate}.onnx`));
  if (suffix === undefined) throw unreadable(directory, `onnx/${stem}.onnx`, 'it is missing');
  return `onnx/${stem}${suffix}.onnx`;
}

async function readJson<T>(directory: string, file: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(join(directory, file), 'utf8')));
  } catch (cause) {
    const reason =
      cause instanceof z.ZodError
        ? z.prettifyError(cause)
        : cause instanceof Error
          ? cause.message
          : String(cause);
    throw unreadable(directory, file, reason, cause);
  }
}

function unreadable(directory: string, file: string, reason: string, cause?: unknown): TubeletError {
  return new TubeletError(
    'pack-invalid',
    `The model pack "${basename(directory)}" cannot be used because of its file ${file}: ${reason}.`,
    { path: join(directory, file), hint: REINSTALL_HINT, cause },
  );
}
