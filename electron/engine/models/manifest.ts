/**
 * The manifest of a `mammut` pack, format 1: what the pack can do, the clip that it reads, the size of its tensors, its
 * prompts, and a seal for every file.
 */
import { z } from 'zod';
import { packCalibration } from './calibration.ts';
import type { PackFacts } from './types.ts';

/** The one format of `manifest.json` that this version reads. */
export const MANIFEST_FORMAT = 1;

const count = z.int().positive();
const tokenId = z.int().nonnegative();
const tokenIds = z.array(tokenId);
const cells = z.tuple([count, count, count]);
const places = z.tuple([z.int().nonnegative(), z.int().nonnegative(), z.int().nonnegative()]);
const fileName = z.string().regex(/^[\w-][\w.-]*$/, 'a plain file name');

const tube = z.object({
  name: z.string().min(1),
  input: z.string().min(1),
  kernel: cells,
  stride: cells,
  offset: places,
});

const input = z
  .object({
    frames: count,
    size: count,
    seconds: z.number().positive(),
    resize: z.literal('squash'),
    tubes: z.array(tube).min(1),
    still: z.array(z.string()).min(1),
  })
  .refine(
    (geometry) =>
      geometry.still.every((name) =>
        geometry.tubes.some((shape) => shape.name === name && shape.kernel[0] === 1),
      ),
    {
      path: ['still'],
      message: 'names a tube that is not there, or one that is longer than a frame',
    },
  );

const dims = z.object({
  embedding: count,
  tokens: count,
  tokenWidth: count,
  grid: z.object({ first: z.int().nonnegative(), rows: count, columns: count }),
  vocabulary: count,
  textLength: count,
  layers: count,
  heads: count,
  headWidth: count,
});

const tokenizer = z.object({
  file: fileName,
  pad: tokenId,
  bos: tokenId,
  eos: tokenId,
  unk: tokenId,
  captionPrompt: tokenIds.min(1),
  answerPrompt: z.object({ before: tokenIds, after: tokenIds }),
  text: z.object({ before: tokenIds, after: tokenIds }),
});

/** The schema of `manifest.json`. */
export const mammutManifest = z
  .object({
    format: z.literal(MANIFEST_FORMAT),
    kind: z.literal('mammut'),
    id: z.string().min(1),
    revision: z.string().min(1),
    name: z.string().min(1),
    description: z.string(),
    licence: z.string(),
    capabilities: z.array(z.enum(['search', 'caption', 'answer', 'locate'])),
    input,
    dims,
    tokenizer,
    similarity: z.object({ scale: z.number().positive() }),
    calibration: packCalibration.optional(),
    files: z.record(
      fileName,
      z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() }),
    ),
  })
  .superRefine((manifest, context) => {
    for (const file of graphFiles(manifest)) {
      if (manifest.files[file] === undefined) {
        context.addIssue({ code: 'custom', path: ['files'], message: `has no entry for ${file}` });
      }
    }
  });

/** What `manifest.json` of a `mammut` pack says. */
export type MammutManifest = z.infer<typeof mammutManifest>;

/** The files that a pack needs for what it says it can do. */
function graphFiles(manifest: { capabilities: readonly string[]; tokenizer: { file: string } }): string[] {
  const able = new Set(manifest.capabilities);
  const files = ['vision.onnx', 'text.onnx', manifest.tokenizer.file];
  if (able.has('caption') || able.has('answer')) files.push('decoder.onnx');
  if (able.has('locate')) files.push('locate.onnx');
  return files;
}

/** What the rest of the engine needs to know of a pack with this manifest. */
export function factsOf(manifest: MammutManifest): PackFacts {
  const { dims: sizes, input: geometry, calibration } = manifest;
  return {
    id: manifest.id,
    name: manifest.name,
    revision: manifest.revision,
    kind: 'mammut',
    capabilities: manifest.capabilities,
    geometry: {
      frames: geometry.frames,
      size: geometry.size,
      seconds: geometry.seconds,
      tubes: geometry.tubes,
      still: geometry.still,
    },
    embedding: sizes.embedding,
    tokens: sizes.tokens,
    tokenWidth: sizes.tokenWidth,
    grid: sizes.grid,
    similarityScale: manifest.similarity.scale,
    ...(calibration === undefined ? {} : { calibration }),
  };
}
