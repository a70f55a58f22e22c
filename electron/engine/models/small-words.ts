import type { TextTokenizer } from './tokenizer.ts';

/** English words that carry no meaning of their own: a sentence may need them again. */
const SMALL_WORDS =
  'a an the and or but as is are was were be been being has have had do does did it its he his she her they their them ' +
  'this that these those there which who while with without of in on at to from by for near into onto over under behind ' +
  'beside between through across along around against up down off out other another one two each some';

/** Tokens that may come again freely in a sentence: small words, marks, and pieces that go on a word. */
export function lightTokens(tokenizer: TextTokenizer, vocabulary: number): ReadonlySet<number> {
  const light = new Set<number>();
  for (const word of SMALL_WORDS.split(' ')) {
    const ids = tokenizer.encode(word, 2);
    if (ids.length === 1) ids.forEach((id) => light.add(id));
  }
  for (let id = 0; id < vocabulary; id++) {
    if (tokenizer.continuesWord(id) || !/[\p{L}\p{N}]/u.test(tokenizer.decode([id]))) light.add(id);
  }
  return light;
}
