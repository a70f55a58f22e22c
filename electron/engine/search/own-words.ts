/** What people wrote of their own videos, found by its meaning: "Grandpa cooks" answers "an old man in a kitchen". */
import type { CaptionRow } from '../library/types.ts';
import { dot } from '../vectors/dot.ts';
import type { TextEmbedder } from './background.ts';
import { LIKELY } from './calibration.ts';

/** The part of the store that holds what people wrote. */
export interface OwnWordsSource {
  captionsByPeople(): CaptionRow[];
  peopleWrote(): string;
}

/** A caption that means what was asked for, and how surely. */
export interface Meant {
  readonly caption: CaptionRow;
  readonly strength: number;
}

/** Captions by people with their embeddings under the pack in use; those of another pack are embedded anew. */
export class OwnWords {
  readonly #source: OwnWordsSource;
  readonly #language: TextEmbedder;
  readonly #packRevision: string;
  readonly #sameMeaning: number;
  #state = '';
  #known: readonly { readonly caption: CaptionRow; readonly embedding: Float32Array }[] = [];

  /** @param sameMeaning the cosine from which two texts say the same, as measured for the pack. */
  constructor(source: OwnWordsSource, language: TextEmbedder, packRevision: string, sameMeaning: number) {
    this.#source = source;
    this.#language = language;
    this.#packRevision = packRevision;
    this.#sameMeaning = sameMeaning;
  }

  /** Takes in what was written since the last time. */
  async refresh(): Promise<void> {
    const state = this.#source.peopleWrote();
    if (state === this.#state) return;
    const captions = this.#source.captionsByPeople();
    const stale = captions.filter((caption) => this.#kept(caption) === null);
    const made = stale.length === 0 ? [] : await this.#language.embedTexts(stale.map(({ text }) => text));
    const anew = new Map(stale.map(({ id }, index) => [id, made[index]]));
    this.#known = captions.flatMap((caption) => {
      const embedding = this.#kept(caption) ?? anew.get(caption.id);
      return embedding ? [{ caption, embedding }] : [];
    });
    this.#state = state;
  }

  /**
   * Captions that mean what a text says, best first. From the cosine on at which texts say the same, the strength rises
   * from likely to certain.
   */
  meaning(text: Float32Array, limit: number): Meant[] {
    return this.#known
      .flatMap(({ caption, embedding }) => {
        const above = (dot(text, embedding) - this.#sameMeaning) / (1 - this.#sameMeaning);
        return above < 0 ? [] : [{ caption, strength: Math.min(1, LIKELY + (1 - LIKELY) * above) }];
      })
      .sort((a, b) => b.strength - a.strength || a.caption.id - b.caption.id)
      .slice(0, limit);
  }

  #kept({ embedding, packRevision }: CaptionRow): Float32Array | null {
    return packRevision === this.#packRevision ? embedding : null;
  }
}
