import type { RequestOf } from '../../engine/api/channels.ts';
import type { MediaSummary } from '../../engine/api/shapes.ts';
import type { IndexStore } from '../../engine/library/types.ts';
import { Slices, sortInSlices } from './slices.ts';
import { summaryOf } from './summaries.ts';

type ListRequest = RequestOf<'library.media'>;
type Order = Omit<ListRequest, 'offset' | 'limit'>;
type Page = { total: number; items: MediaSummary[] };

/** More changes at once than this are not put in their places one by one. */
const FEW = 50;

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * The library as a list. Summaries are kept in memory and read again only where something changed; the order asked for
 * last is kept too, and a file that changes moves within it. What has to be read or sorted as a whole is done in slices,
 * so that searches are answered meanwhile however large the library is.
 */
export class Listing {
  readonly #store: Pick<IndexStore, 'roots' | 'media' | 'allMedia' | 'everyMedia'>;
  readonly #packRevision: () => string;
  #summaries: Map<number, MediaSummary> | null = null;
  #arranged: { readonly key: string; readonly order: Order; readonly items: MediaSummary[] } | null = null;
  /** Increases when everything has to be read again. */
  #edition = 0;
  /** Files that changed since the present reading or sorting began. */
  readonly #late = new Set<number>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    store: Pick<IndexStore, 'roots' | 'media' | 'allMedia' | 'everyMedia'>,
    packRevision: () => string,
  ) {
    this.#store = store;
    this.#packRevision = packRevision;
  }

  /** Files changed: these, or any (null). */
  touch(mediaIds: readonly number[] | null): void {
    if (mediaIds === null) {
      this.#edition += 1;
      this.#summaries = null;
      this.#arranged = null;
      return;
    }
    for (const id of mediaIds) this.#late.add(id);
    if (mediaIds.length > FEW) this.#arranged = null;
    this.#renew(mediaIds);
  }

  /** One stretch of the list, and how long the whole of it is. Pages are answered in the order in which they are asked for. */
  page(request: ListRequest): Promise<Page> {
    const page = this.#last.then(() => this.#page(request));
    this.#last = page.catch(() => undefined);
    return page;
  }

  /** All files in some state, in the order of their paths. */
  withState(state: MediaSummary['state']): MediaSummary[] {
    const summarise = this.#summariser();
    return this.#store.allMedia({ states: [state] }).map(summarise);
  }

  async #page({ offset, limit, ...order }: ListRequest): Promise<Page> {
    const key = JSON.stringify(order);
    let items = this.#arranged?.key === key ? this.#arranged.items : null;
    items ??= await this.#arrange(key, order);
    return { total: items.length, items: items.slice(offset, offset + limit) };
  }

  /** Filters and sorts; files that are equal in what is sorted by stay in the order in which they were added. */
  async #arrange(key: string, order: Order): Promise<MediaSummary[]> {
    const summaries = this.#summaries ?? (await this.#read());
    const slices = new Slices();
    this.#late.clear();
    const admits = filterOf(order);
    const kept: MediaSummary[] = [];
    for (const summary of [...summaries.values()]) {
      if (admits(summary)) kept.push(summary);
      if (slices.due) await slices.turn();
    }
    const items = await sortInSlices(kept, comparison(order), slices);
    // Changed as a whole meanwhile: good enough for who asked, but not for the next.
    if (summaries !== this.#summaries) return items;
    this.#arranged = { key, order, items };
    if (this.#late.size <= FEW) this.#renew([...this.#late]);
    else return await this.#arrange(key, order);
    return items;
  }

  async #read(): Promise<Map<number, MediaSummary>> {
    for (;;) {
      const edition = this.#edition;
      this.#late.clear();
      const found = new Map<number, MediaSummary>();
      const summarise = this.#summariser();
      const slices = new Slices();
      for (const media of this.#store.everyMedia()) {
        found.set(media.id, summarise(media));
        if (slices.due) await slices.turn();
      }
      if (edition !== this.#edition) continue;
      this.#summaries = found;
      this.#renew([...this.#late]);
      return found;
    }
  }

  /** Reads these files again and puts them in their places of the order that is kept. */
  #renew(mediaIds: readonly number[]): void {
    if (this.#summaries === null || mediaIds.length === 0) return;
    const summarise = this.#summariser();
    for (const id of mediaIds) {
      const media = this.#store.media(id);
      const summary = media === undefined ? null : summarise(media);
      if (summary === null) this.#summaries.delete(id);
      else this.#summaries.set(id, summary);
      if (this.#arranged !== null) replace(this.#arranged.items, id, summary, this.#arranged.order);
    }
  }

  #summariser(): (media: Parameters<typeof summaryOf>[0]) => MediaSummary {
    const roots = new Map(this.#store.roots().map((root) => [root.id, root]));
    const revision = this.#packRevision();
    return (media) => summaryOf(media, roots.get(media.rootId), revision);
  }
}

/** Takes a file out of a list in order, and puts it back where it belongs now, if it does. */
function replace(items: MediaSummary[], id: number, summary: MediaSummary | null, order: Order): void {
  const before = items.findIndex((item) => item.id === id);
  if (before !== -1) items.splice(before, 1);
  if (summary === null || !filterOf(order)(summary)) return;
  const compare = comparison(order);
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && compare(item, summary) < 0) low = middle + 1;
    else high = middle;
  }
  items.splice(low, 0, summary);
}

function filterOf({ filter }: Order): (media: MediaSummary) => boolean {
  const words = (filter?.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const folder = filter?.folder?.replace(/^\/+|\/+$/g, '');
  return (media) =>
    (filter?.kind === undefined || media.kind === filter.kind) &&
    (filter?.states === undefined || filter.states.includes(media.state)) &&
    (folder === undefined || folder === '' || isInside(media.folder, folder)) &&
    words.every((word) => `${media.folder}/${media.name}`.toLowerCase().includes(word));
}

function isInside(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(`${outer}/`);
}

function comparison({ sort, descending }: Order): (a: MediaSummary, b: MediaSummary) => number {
  const direction = descending ? -1 : 1;
  return (a, b) => direction * compare(a, b, sort) || direction * (a.id - b.id);
}

function compare(a: MediaSummary, b: MediaSummary, sort: ListRequest['sort']): number {
  switch (sort) {
    case 'name':
      return byName.compare(a.name, b.name);
    case 'date':
      return a.date < b.date ? -1 : a.date > b.date ? 1 : 0;
    case 'duration':
      return a.duration - b.duration;
    case 'added':
      return a.id - b.id;
  }
}
