import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { RequestOf } from '../../../electron/engine/api/channels.ts';
import type { EngineClient } from '../../../electron/engine/api/client.ts';
import type { MediaSummary } from '../../../electron/engine/api/shapes.ts';
import type { NoticeStore } from './notices.svelte.ts';

/** Items that are asked for together: more than fit on a screen, few enough to be read and drawn within a frame. */
const PAGE = 100;
/** Pages under way at the same time: a screen may lie across two. */
const AT_ONCE = 2;
const REFRESH_MS = 900;

export type Sort = RequestOf<'library.media'>['sort'];
export type StateFilter = 'all' | 'indexed' | 'waiting' | 'failed' | 'missing';
export type KindFilter = 'all' | 'video' | 'image';

/** The list of files, page by page: only what is on screen is asked for. */
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
  /** Pages that nothing has changed in since they came. */
  readonly #current = new Set<number>();
  readonly #asked = new Set<number>();
  #shown = { first: 0, count: 1 };
  #edition = 0;
  #changes = 0;
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

  /** These items are on screen: what is not there of them is asked for, and nothing that was only scrolled past. */
  show(first: number, count: number): void {
    this.#shown = { first, count };
    this.#fill();
  }

  /** Another order or filter: starts again from the top. */
  restart(): void {
    this.#pages.clear();
    this.#current.clear();
    this.#asked.clear();
    this.#edition += 1;
    this.scrollOffset = 0;
    this.focused = 0;
    this.#shown = { first: 0, count: 1 };
    this.#fill();
  }

  /** Asks again for what is on screen, leaving it in place meanwhile; the rest when it comes on screen again. */
  refresh(): void {
    const needed = this.#needed();
    for (const page of this.#pages.keys()) if (!needed.includes(page)) this.#pages.delete(page);
    this.#current.clear();
    this.#changes += 1;
    this.#fill();
  }

  /** The pages with what is on screen, and with the item that the keys are on. */
  #needed(): number[] {
    const { first, count } = this.#shown;
    // Whoever shows the list depends on what it shows, not on what happens to it here.
    const [focused, total] = untrack(() => [this.focused, this.total]);
    const last = Math.floor((first + Math.max(1, count) - 1) / PAGE);
    const pages = new Set([Math.floor(focused / PAGE)]);
    for (let page = Math.floor(first / PAGE); page <= last; page++)
      if (page === 0 || page * PAGE < (total ?? 0)) pages.add(page);
    return [...pages];
  }

  /** Asks for what is needed and not known as it is now, a little at a time: meanwhile something else may be on screen. */
  #fill(): void {
    for (const page of this.#needed()) {
      if (this.#asked.size >= AT_ONCE) return;
      if (!this.#current.has(page) && !this.#asked.has(page)) void this.#load(page);
    }
  }

  async #load(page: number): Promise<void> {
    const edition = this.#edition;
    const changes = this.#changes;
    this.#asked.add(page);
    try {
      const { total, items } = await this.#engine.call('library.media', this.#request(page));
      if (edition !== this.#edition) return;
      this.total = total;
      this.#pages.set(page, items);
      this.#asked.delete(page);
      // Something may have changed while the reply was on its way.
      if (changes === this.#changes) this.#current.add(page);
      this.#fill();
    } catch (error) {
      // Asked for again when the list moves or changes, not at once.
      if (edition === this.#edition) this.#asked.delete(page);
      this.#notices.failed(error);
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
