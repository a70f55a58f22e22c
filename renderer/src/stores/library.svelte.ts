import { SvelteMap } from 'svelte/reactivity';
import type { RequestOf } from '../../../electron/engine/api/channels.ts';
import type { EngineClient } from '../../../electron/engine/api/client.ts';
import type { MediaSummary } from '../../../electron/engine/api/shapes.ts';
import type { NoticeStore } from './notices.svelte.ts';

const PAGE = 200;
const REFRESH_MS = 900;

export type Sort = RequestOf<'library.media'>['sort'];
export type StateFilter = 'all' | 'indexed' | 'waiting' | 'failed' | 'missing';
export type KindFilter = 'all' | 'video' | 'image';

/** The list of files, page by page: only what was scrolled to has been asked for. */
export class LibraryStore {
  sort = $state<Sort>('date');
  descending = $state(true);
  text = $state('');
  state = $state<StateFilter>('all');
  kind = $state<KindFilter>('all');
  folder = $state<string | null>(null);
  total = $state<number | null>(null);
  /** Where the list was scrolled to, to return to it. */
  scrollOffset = 0;
  /** The item that the arrow keys are on. */
  focused = $state(0);
  readonly filtered = $derived(
    this.text !== '' || this.state !== 'all' || this.kind !== 'all' || this.folder !== null,
  );
  readonly #engine: EngineClient;
  readonly #notices: NoticeStore;
  readonly #pages = new SvelteMap<number, readonly MediaSummary[]>();
  readonly #asked = new Set<number>();
  #edition = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: EngineClient, notices: NoticeStore) {
    this.#engine = engine;
    this.#notices = notices;
    engine.on('library.changed', () => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.refresh();
      }, REFRESH_MS);
    });
  }

  /** Filters by a name alone: to show one file among all. */
  showOnly(name: string): void {
    this.text = name;
    this.state = 'all';
    this.kind = 'all';
    this.folder = null;
  }

  /** The item at a place of the list, once it was loaded. */
  item(index: number): MediaSummary | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Makes sure that the page of this item is there or on its way. */
  want(index: number): void {
    const page = Math.floor(index / PAGE);
    if (!this.#pages.has(page) && !this.#asked.has(page)) void this.#load(page);
  }

  /** Another order or filter: starts again from the top. */
  restart(): void {
    this.#pages.clear();
    this.#asked.clear();
    this.#edition += 1;
    this.scrollOffset = 0;
    this.focused = 0;
    void this.#load(0);
  }

  /** Asks again for the pages that are there, leaving them in place meanwhile. */
  refresh(): void {
    for (const page of new Set([0, ...this.#pages.keys()])) void this.#load(page);
  }

  async #load(page: number): Promise<void> {
    const edition = this.#edition;
    this.#asked.add(page);
    try {
      const { total, items } = await this.#engine.call('library.media', this.#request(page));
      if (edition !== this.#edition) return;
      this.total = total;
      this.#pages.set(page, items);
    } catch (error) {
      this.#notices.failed(error);
    } finally {
      if (edition === this.#edition) this.#asked.delete(page);
    }
  }

  #request(page: number): RequestOf<'library.media'> {
    const states: Record<StateFilter, MediaSummary['state'][] | undefined> = {
      all: undefined,
      indexed: ['indexed'],
      waiting: ['waiting', 'indexing'],
      failed: ['failed'],
      missing: ['missing'],
    };
    const { text, kind, folder } = this;
    const chosen = states[this.state];
    return {
      offset: page * PAGE,
      limit: PAGE,
      sort: this.sort,
      descending: this.descending,
      filter: {
        ...(text === '' ? {} : { text }),
        ...(folder === null ? {} : { folder }),
        ...(kind === 'all' ? {} : { kind }),
        ...(chosen === undefined ? {} : { states: chosen }),
      },
    };
  }
}
