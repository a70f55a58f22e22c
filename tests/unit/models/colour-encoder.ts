/** A dual encoder of a few bytes that knows three colours: an image is its mean colour, a text the mean of its words'. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOnnx } from './onnx-writer.ts';
import type { GraphInfo } from './onnx-writer.ts';

const WORDS: Readonly<Record<string, readonly number[]>> = {
  '<pad>': [0, 0, 0],
  '<unk>': [0.1, 0.1, 0.1],
  red: [1, 0, 0],
  green: [0, 1, 0],
  blue: [0, 0, 1],
};
export const SIZE = 8;

const VISION: GraphInfo = {
  inputs: [{ name: 'pixel_values', type: 'float32', shape: ['batch', 3, SIZE, SIZE] }],
  outputs: [{ name: 'image_embeds', type: 'float32', shape: ['batch', 3] }],
  nodes: [
    { op: 'GlobalAveragePool', inputs: ['pixel_values'], outputs: ['pooled'] },
    { op: 'Flatten', inputs: ['pooled'], outputs: ['image_embeds'], attributes: { axis: 1 } },
  ],
};

function textGraph(mask: boolean): GraphInfo {
  const shape = ['batch', 'length'];
  return {
    inputs: [
      { name: 'input_ids', type: 'int64', shape },
      ...(mask ? [{ name: 'attention_mask', type: 'int64', shape } as const] : []),
    ],
    outputs: [{ name: 'text_embeds', type: 'float32', shape: ['batch', 3] }],
    nodes: [
      { op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['words'] },
      {
        op: 'ReduceMean',
        inputs: ['words'],
        outputs: ['text_embeds'],
        attributes: { axes: [1], keepdims: 0 },
      },
    ],
    weights: { table: { shape: [Object.keys(WORDS).length, 3], values: Object.values(WORDS).flat() } },
  };
}

/** Writes the pack and returns its folder. */
export async function writeColourEncoder(
  parent: string,
  options: { mask?: boolean; modelType?: string; vision?: GraphInfo } = {},
): Promise<string> {
  const directory = join(parent, 'colours');
  await mkdir(join(directory, 'onnx'), { recursive: true });
  const json = (file: string, content: unknown): Promise<void> =>
    writeFile(join(directory, file), JSON.stringify(content));
  await json('config.json', {
    model_type: options.modelType ?? 'clip',
    projection_dim: 3,
    text_config: { max_position_embeddings: 6, pad_token_id: 0 },
  });
  await json('preprocessor_config.json', {
    crop_size: { height: SIZE, width: SIZE },
    image_mean: [0, 0, 0],
    image_std: [1, 1, 1],
  });
  await json('tokenizer.json', {
    version: '1.0',
    added_tokens: ['<pad>', '<unk>'].map((content, id) => ({ id, content, special: true })),
    normalizer: { type: 'BertNormalizer', clean_text: true, strip_accents: true, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '<unk>',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 40,
      vocab: Object.fromEntries(Object.keys(WORDS).map((word, id) => [word, id])),
    },
  });
  await writeFile(join(directory, 'onnx/vision_model.onnx'), writeOnnx(options.vision ?? VISION));
  await writeFile(join(directory, 'onnx/text_model.onnx'), writeOnnx(textGraph(options.mask ?? true)));
  return directory;
}
