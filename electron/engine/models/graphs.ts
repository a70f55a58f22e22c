/** The tensors that each graph of a pack must have: what a session checks before it is used. */
import { rowBytes } from '../tubelets/geometry.ts';
import type { MammutManifest } from './manifest.ts';

/** Element types that packs use. */
export type TensorType = 'uint8' | 'int64' | 'float32';

/** One input or output. A null in the shape is free. */
export interface TensorSpec {
  readonly name: string;
  /** Another name that the same tensor goes by in some exports. */
  readonly alias?: string;
  readonly type: TensorType;
  readonly shape: readonly (number | null)[];
}

/** What goes into a graph and what must come out of it. */
export interface GraphSpec {
  readonly inputs: readonly TensorSpec[];
  /** Names of further inputs that a graph may have. */
  readonly optional?: readonly string[];
  readonly outputs: readonly TensorSpec[];
}

const float = (name: string, ...shape: readonly (number | null)[]): TensorSpec => ({
  name,
  type: 'float32',
  shape,
});
const INPUT_IDS: TensorSpec = { name: 'input_ids', type: 'int64', shape: [null, null] };

/** `vision.onnx`: one uint8 input per tube -> embedding, tokens. */
export function visionGraph({ input, dims }: MammutManifest): GraphSpec {
  return {
    inputs: input.tubes.map((tube) => ({
      name: tube.input,
      type: 'uint8',
      shape: [null, null, rowBytes(tube)],
    })),
    outputs: [float('embedding', null, dims.embedding), float('tokens', null, dims.tokens, dims.tokenWidth)],
  };
}

/** `text.onnx`: ids -> embedding (the decoder's first pass). */
export function textGraph({ dims }: MammutManifest): GraphSpec {
  return { inputs: [INPUT_IDS], outputs: [float('embedding', null, dims.embedding)] };
}

/** Names of the cached keys and values of every layer, in the order of the graph. */
export function cacheNames(prefix: 'past' | 'present', layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) => [
    `${prefix}.${layer}.key`,
    `${prefix}.${layer}.value`,
  ]).flat();
}

/** `decoder.onnx`: ids, vision tokens, past keys and values -> logits, present (the decoder's second pass). */
export function decoderGraph({ dims }: MammutManifest): GraphSpec {
  const cache = (prefix: 'past' | 'present'): TensorSpec[] =>
    cacheNames(prefix, dims.layers).map((name) => float(name, null, dims.heads, null, dims.headWidth));
  return {
    inputs: [INPUT_IDS, float('tokens', null, dims.tokens, dims.tokenWidth), ...cache('past')],
    outputs: [float('logits', null, null, dims.vocabulary), ...cache('present')],
  };
}

/** `locate.onnx`: vision tokens and a text embedding -> one score per cell of the grid. */
export function locateGraph({ dims }: MammutManifest): GraphSpec {
  return {
    inputs: [float('tokens', null, dims.tokens, dims.tokenWidth), float('embedding', null, dims.embedding)],
    outputs: [float('heat', null, dims.grid.rows * dims.grid.columns)],
  };
}

/** The vision graph of a dual encoder: normalised pixels of single frames -> one embedding a frame. */
export function frameGraph(embedding: number): GraphSpec {
  return {
    inputs: [float('pixel_values', null, 3, null, null)],
    outputs: [{ ...float('image_embeds', null, embedding), alias: 'pooler_output' }],
  };
}

/** The text graph of a dual encoder: ids, with or without a mask -> embedding. */
export function dualTextGraph(embedding: number): GraphSpec {
  return {
    inputs: [INPUT_IDS],
    optional: ['attention_mask'],
    outputs: [{ ...float('text_embeds', null, embedding), alias: 'pooler_output' }],
  };
}
