import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tidySpacing, TextTokenizer } from '../../../electron/engine/models/tokenizer.ts';

const VOCABULARY = [
  '<pad>',
  '<bos>',
  '<eos>',
  '<unk>',
  'a',
  'dog',
  'run',
  '##ning',
  'cafe',
  '.',
  '<',
  'eos',
  '>',
];

describe('the tokenizer of a pack', () => {
  let folder: string;
  let tokenizer: TextTokenizer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tubelet-tokenizer-'));
    const path = join(folder, 'tokenizer.json');
    await writeFile(
      path,
      JSON.stringify({
        version: '1.0',
        added_tokens: VOCABULARY.slice(0, 4).map((content, id) => ({ id, content, special: true })),
        normalizer: { type: 'BertNormalizer', clean_text: true, strip_accents: true, lowercase: true },
        pre_tokenizer: { type: 'BertPreTokenizer' },
        post_processor: null,
        decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
        model: {
          type: 'WordPiece',
          unk_token: '<unk>',
          continuing_subword_prefix: '##',
          max_input_chars_per_word: 40,
          vocab: Object.fromEntries(VOCABULARY.map((word, id) => [word, id])),
        },
      }),
    );
    tokenizer = await TextTokenizer.open(path, 3);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it.each([
    ['A dog', [4, 5]],
    ['running.', [6, 7, 9]],
    ['Café', [8]],
    ['a zebra', [4, 3]],
    ['', []],
    ['   ', []],
  ])('splits %j', (text, ids) => {
    expect(tokenizer.encode(text, 10)).toEqual(ids);
  });

  it('cuts a text at the limit', () => {
    expect(tokenizer.encode('a dog a dog', 3)).toEqual([4, 5, 4]);
  });

  it('never lets a text smuggle in tokens with a meaning of their own', () => {
    expect(tokenizer.encode('a <eos> dog <pad><bos>', 10)).toEqual([4, 5]);
  });

  it('writes words without special tokens', () => {
    expect(tokenizer.decode([1, 4, 5, 6, 7, 9, 2])).toBe('a dog running.');
    expect(tokenizer.decode([])).toBe('');
  });

  it('names the file that is no tokenizer', async () => {
    const path = join(folder, 'broken.json');
    await writeFile(path, '{}');
    await expect(TextTokenizer.open(path)).rejects.toMatchObject({ code: 'pack-invalid', path });
  });
});

it.each([
  ['a dog , a cat .', 'a dog, a cat.'],
  ['a black - and - white film', 'a black-and-white film'],
  ["the dog ' s collar", "the dog's collar"],
  ["it isn ' t there", "it isn't there"],
  ['people ( 50 % ) !', 'people (50%)!'],
  ['  two   spaces ', 'two spaces'],
  ['the dogs sit', 'the dogs sit'],
])('closes the gaps in %j', (text, expected) => {
  expect(tidySpacing(text)).toBe(expected);
});
