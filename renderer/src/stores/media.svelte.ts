import { SvelteMap } from 'svelte/reactivity';
import type { EngineClient } from '../../../electron/engine/api/client.ts';
import type { MediaDetail } from '../../../electron/engine/api/shapes.ts';

const AT_ONCE = 6;
const MOST_KEPT = 2000;

/**
 * What is known of each file that is on screen: cards ask for it by id, the newest asked first, because what was
 * asked last is what the person looks at.
 */
export class MediaStore {
  readonly #engine: EngineClient;
  readonly #known = new SvelteMap<number, MediaDetail>();
  readonly #wanted = new Set<number>();
  readonly #asked = new Set<number>();

  constructor(engine: EngineClient) {
    this.#engine = engine;
    engine.on('library.changed', ({ mediaIds }) => {
      for (const id of mediaIds) if (this.#known.has(id)) this.want(id);
    });
    engine.on('captions.changed', ({ mediaId }) => {
      if (this.#known.has(mediaId)) this.want(mediaId);
    });
  }

  /** What is known now; asks for nothing. */
  get(mediaId: number): MediaDetail | undefined {
    return this.#known.get(mediaId);
  }

  /** Asks for a file's details, or asks again; `get` shows them when they come. */
  want(mediaId: number): void {
    this.#wanted.delete(mediaId);
    this.#wanted.add(mediaId);
    this.#askNext();
  }

  /** No longer on screen: not asked for if it was not yet. */
  unwant(mediaId: number): void {
    this.#wanted.delete(mediaId);
  }

  /** Asks now and waits for the reply. Rejects with the engine's failure. */
  async load(mediaId: number): Promise<MediaDetail> {
    const detail = await this.#engine.call('library.item', { mediaId });
    this.#known.set(mediaId, detail);
    return detail;
  }

  #askNext(): void {
    while (this.#asked.size < AT_ONCE) {
      const mediaId = [...this.#wanted].findLast((id) => !this.#asked.has(id));
      if (mediaId === undefined) return;
      this.#wanted.delete(mediaId);
      this.#asked.add(mediaId);
      void this.#ask(mediaId);
    }
  }

  async #ask(mediaId: number): Promise<void> {
    try {
      await this.load(mediaId);
      if (this.#known.size > MOST_KEPT) this.#forgetOldest();
    } catch {
      // Gone from the library meanwhile: its card goes with the next list.
      this.#known.delete(mediaId);
    } finally {
      this.#asked.delete(mediaId);
      this.#askNext();
    }
  }

  #forgetOldest(): void {
    const oldest = this.#known.keys().next();
    if (oldest.done !== true) this.#known.delete(oldest.value);
  }
}
