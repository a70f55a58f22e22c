/** The text side of a `dual-encoder` pack: embeddings, and nothing else. */
import { join } from 'node:path';
import { dualTextGraph } from './graphs.ts';
import type { TextRunner } from './language-runner.ts';
import type { DualEncoderPack } from './pack.ts';
import { floats, GraphSession, idTensor } from './session.ts';
import type { SessionOptions } from './session.ts';
import { TextTokenizer } from './tokenizer.ts';
import { normalise } from './vector.ts';

/** The text graph of CLIP, SigLIP and their kin. */
export class DualText implements TextRunner {
  readonly #pack: DualEncoderPack;
  readonly #tokenizer: TextTokenizer;
  readonly #session: GraphSession;

  private constructor(pack: DualEncoderPack, tokenizer: TextTokenizer, session: GraphSession) {
    this.#pack = pack;
    this.#tokenizer = tokenizer;
    this.#session = session;
  }

  /** @throws TubeletError `pack-invalid` where the tokenizer or the text graph does not fit. */
  static async open(pack: DualEncoderPack, options: SessionOptions): Promise<DualText> {
    const { facts, layout, directory } = pack;
    const tokenizer = await TextTokenizer.open(join(directory, layout.tokenizerFile));
    const path = join(directory, layout.textFile);
    const session = await GraphSession.open(facts.id, path, dualTextGraph(facts.embedding), options);
    return new DualText(pack, tokenizer, session);
  }

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    const { textLength, padTo } = this.#pack.layout;
    const embeddings: Float32Array[] = [];
    for (const text of texts) {
      const ids = this.#tokenizer.encodeFramed(text, textLength);
      // SigLIP was trained on texts of one length, filled up and without a mask; CLIP takes them as long as they are.
      const filling = padTo === null ? [] : Array<number>(textLength - ids.length).fill(padTo);
      const row = [...ids, ...filling];
      const mask = this.#session.takes('attention_mask')
        ? { attention_mask: idTensor([row.map(() => 1)]) }
        : {};
      const outputs = await this.#session.run({ input_ids: idTensor([row]), ...mask });
      embeddings.push(normalise(floats(outputs, 'text_embeds', 'pooler_output').slice()));
    }
    return embeddings;
  }
}
