/** Text to token ids and back, with the tokenizer that a pack ships in the Hugging Face format. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { TubeletError } from '../errors.ts';
import { REINSTALL_HINT } from './reinstall-hint.ts';

/** A pack's tokenizer. */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  /** Ids that text must never contain, however it is typed: `<eos>` in a query is four harmless characters less. */
  readonly #reserved: ReadonlySet<number>;

  /** True where a mark stands before the first token of a word (byte-level BPE, SentencePiece). */
  readonly #marksBeginnings: boolean;

  private constructor(tokenizer: Tokenizer, unknown: number | undefined) {
    this.#tokenizer = tokenizer;
    const [first = 0] = tokenizer.encode(' a', { add_special_tokens: false }).ids;
    this.#marksBeginnings = /^[\u0120\u2581]/u.test(tokenizer.id_to_token(first) ?? '');
    const special = [...tokenizer.get_added_tokens_decoder().values()].filter((token) => token.special);
    this.#reserved = new Set(special.map((token) => token.id).filter((id) => id !== unknown));
  }

  /**
   * Reads `tokenizer.json`.
   *
   * @param unknown id of the token for what the vocabulary lacks; it may occur in text although it is special.
   * @throws TubeletError `pack-invalid` where the file is not understood.
   */
  static async open(path: string, unknown?: number): Promise<TextTokenizer> {
    try {
      const content = JSON.parse(await readFile(path, 'utf8')) as object;
      return new TextTokenizer(new Tokenizer(content, {}), unknown);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TubeletError('pack-invalid', `The tokenizer ${basename(path)} cannot be used: ${reason}`, {
        path,
        hint: REINSTALL_HINT,
        cause,
      });
    }
  }

  /** Ids of the text alone, at most `limit` of them. */
  encode(text: string, limit: number): number[] {
    const { ids } = this.#tokenizer.encode(text, { add_special_tokens: false });
    return ids.filter((id) => !this.#reserved.has(id)).slice(0, limit);
  }

  /** Ids with the special tokens that the tokenizer itself puts around a text, cut so that the last one stays. */
  encodeFramed(text: string, limit: number): number[] {
    const { ids } = this.#tokenizer.encode(text);
    const last = ids.at(-1);
    return ids.length <= limit || last === undefined ? ids : [...ids.slice(0, limit - 1), last];
  }

  /** True where the token goes on a word that another one began (WordPiece "##ing"; "ing" where words begin with a mark). */
  continuesWord(id: number): boolean {
    const token = this.#tokenizer.id_to_token(id) ?? '';
    if (token.startsWith('##')) return true;
    return this.#marksBeginnings && !/^[\u0120\u2581]/u.test(token);
  }

  /** Words of the ids without special tokens, spaced as people write. */
  decode(ids: readonly number[]): string {
    if (ids.length === 0) return '';
    return tidySpacing(this.#tokenizer.decode([...ids], { skip_special_tokens: true }));
  }
}

/** Closes the gaps that word-by-word decoding leaves around punctuation. */
export function tidySpacing(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ([.,!?;:%)\]])/g, '$1')
    .replace(/([([$#]) /g, '$1')
    .replace(/(\w) ?' ?(s|t|re|ve|ll|m|d)\b/g, "$1'$2")
    .replace(/(\w) - (?=\w)/g, '$1-')
    .trim();
}
