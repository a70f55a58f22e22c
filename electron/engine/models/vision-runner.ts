/** The vision side of a pack on the thread that it is called on: gather, then one run of the graph. */
import { join } from 'node:path';
import { TubeletError } from '../errors.ts';
import { allocateRows, gatherTubelets } from '../tubelets/gather.ts';
import { clipGrids, rowBytes, tubeCount } from '../tubelets/geometry.ts';
import type { DualEncoderLayout } from './dual-encoder.ts';
import { frameGraph, visionGraph } from './graphs.ts';
import type { ModelPack } from './pack.ts';
import { floats, GraphSession, Tensor } from './session.ts';
import type { SessionOptions } from './session.ts';
import type { EncodedClip, PackFacts } from './types.ts';
import { normalise } from './vector.ts';

/** One clip as the encoder takes it: `frameCount` frames of size x size x 3 bytes. */
export interface VisionClip {
  readonly frames: Uint8Array;
  readonly frameCount: number;
}

/** Encodes batches of clips. */
export interface VisionRunner {
  /** All clips of a batch have the same number of frames. One result per clip, in order. */
  encode(clips: readonly VisionClip[]): Promise<EncodedClip[]>;
  close(): Promise<void>;
}

const COLOURS = 3;

/** Loads the vision graph of a pack of either kind. */
export async function openVisionRunner(pack: ModelPack, options: SessionOptions): Promise<VisionRunner> {
  if (pack.kind === 'mammut') {
    const path = join(pack.directory, 'vision.onnx');
    const session = await GraphSession.open(pack.facts.id, path, visionGraph(pack.manifest), options);
    return new TubeletVision(pack.facts, session);
  }
  const { facts, layout } = pack;
  const path = join(pack.directory, layout.visionFile);
  const session = await GraphSession.open(facts.id, path, frameGraph(facts.embedding), options);
  return new FrameVision(facts, layout, session);
}

/** MaMMUT with TubeViT: the whole clip in one run. */
class TubeletVision implements VisionRunner {
  readonly #facts: PackFacts;
  readonly #session: GraphSession;
  /** Rows by batch and frame count; a run has read them when it returns, so the next one may overwrite them. */
  readonly #rows = new Map<string, Uint8Array[]>();

  constructor(facts: PackFacts, session: GraphSession) {
    this.#facts = facts;
    this.#session = session;
  }

  async encode(clips: readonly VisionClip[]): Promise<EncodedClip[]> {
    const { geometry, embedding, tokens, tokenWidth } = this.#facts;
    const frameCount = frameCountOf(clips);
    const rows = this.#rowsFor(frameCount, clips.length);
    clips.forEach((clip, index) => {
      gatherTubelets(geometry, clip.frames, frameCount, rows, index);
    });
    const grids = clipGrids(geometry, frameCount);
    const feeds = Object.fromEntries(
      geometry.tubes.map((shape, index) => {
        const count = tubeCount(grids[index] ?? [0, 0, 0]);
        const bytes = rows[index] ?? new Uint8Array();
        return [shape.input, new Tensor('uint8', bytes, [clips.length, count, rowBytes(shape)])];
      }),
    );
    const outputs = await this.#session.run(feeds);
    const allEmbeddings = floats(outputs, 'embedding');
    const allTokens = floats(outputs, 'tokens');
    const size = tokens * tokenWidth;
    if (allTokens.length !== clips.length * size || allEmbeddings.length !== clips.length * embedding) {
      throw new TubeletError(
        'pack-invalid',
        `The vision graph of the model pack "${this.#facts.id}" gave ${allTokens.length} token values instead of ${clips.length * size}.`,
      );
    }
    return clips.map((_, index) => ({
      embedding: allEmbeddings.slice(index * embedding, (index + 1) * embedding),
      tokens: allTokens.slice(index * size, (index + 1) * size),
    }));
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  #rowsFor(frameCount: number, clips: number): Uint8Array[] {
    const key = `${frameCount} ${clips}`;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const rows = allocateRows(this.#facts.geometry, frameCount, clips);
    this.#rows.set(key, rows);
    return rows;
  }
}

/** A dual encoder: every frame alone, the clip's embedding is the normalised mean of its frames'. */
class FrameVision implements VisionRunner {
  readonly #facts: PackFacts;
  readonly #layout: DualEncoderLayout;
  readonly #session: GraphSession;

  constructor(facts: PackFacts, layout: DualEncoderLayout, session: GraphSession) {
    this.#facts = facts;
    this.#layout = layout;
    this.#session = session;
  }

  async encode(clips: readonly VisionClip[]): Promise<EncodedClip[]> {
    frameCountOf(clips);
    const encoded: EncodedClip[] = [];
    for (const clip of clips) {
      const { size } = this.#facts.geometry;
      const shape = [clip.frameCount, COLOURS, size, size];
      const pixels = new Tensor('float32', planes(clip, size, this.#layout), shape);
      const outputs = await this.#session.run({ pixel_values: pixels });
      const frames = floats(outputs, 'image_embeds', 'pooler_output');
      encoded.push({ embedding: meanOfRows(frames, this.#facts.embedding), tokens: new Float32Array() });
    }
    return encoded;
  }

  async close(): Promise<void> {
    await this.#session.close();
  }
}

/** Interleaved bytes to normalised colour planes: frames x 3 x size x size. */
export function planes(
  clip: VisionClip,
  size: number,
  { rescale, mean, deviation }: Pick<DualEncoderLayout, 'rescale' | 'mean' | 'deviation'>,
): Float32Array {
  const area = size * size;
  const values = new Float32Array(clip.frameCount * COLOURS * area);
  for (let colour = 0; colour < COLOURS; colour++) {
    const scale = rescale / (deviation[colour] ?? 1);
    const shift = (mean[colour] ?? 0) / (deviation[colour] ?? 1);
    for (let frame = 0; frame < clip.frameCount; frame++) {
      const from = frame * area * COLOURS + colour;
      const to = (frame * COLOURS + colour) * area;
      for (let i = 0; i < area; i++)
        values[to + i] = (clip.frames[from + i * COLOURS] as number) * scale - shift;
    }
  }
  return values;
}

/** The unit vector along the mean of the rows' unit vectors. */
function meanOfRows(rows: Float32Array, width: number): Float32Array {
  const mean = new Float32Array(width);
  for (let start = 0; start < rows.length; start += width) {
    normalise(rows.slice(start, start + width)).forEach(
      (value, i) => (mean[i] = (mean[i] as number) + value),
    );
  }
  return normalise(mean);
}

function frameCountOf(clips: readonly VisionClip[]): number {
  const [first] = clips;
  if (first === undefined || clips.some((clip) => clip.frameCount !== first.frameCount)) {
    throw new TubeletError('internal', 'The clips of a batch must have the same number of frames.');
  }
  return first.frameCount;
}
