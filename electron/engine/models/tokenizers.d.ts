/**
 * The part of `@huggingface/tokenizers` that is used. Its own declarations import without file extensions, which the
 * `nodenext` resolution of this project does not follow.
 */
declare module '@huggingface/tokenizers' {
  interface AddedToken {
    readonly id: number;
    readonly content: string;
    readonly special: boolean;
  }

  export class Tokenizer {
    /** @param tokenizer what `tokenizer.json` says. @param config what `tokenizer_config.json` says; may be empty. */
    constructor(tokenizer: object, config: object);
    encode(text: string, options?: { add_special_tokens?: boolean }): { readonly ids: number[] };
    decode(ids: number[], options?: { skip_special_tokens?: boolean }): string;
    id_to_token(id: number): string | undefined;
    get_added_tokens_decoder(): Map<number, AddedToken>;
  }
}
