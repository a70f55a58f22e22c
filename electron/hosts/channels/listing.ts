import type { RequestOf } from '../../engine/api/channels.ts';
import type { MediaSummary } from '../../engine/api/shapes.ts';
import type { Store } from '../../engine/library/types.ts';
import { summaryOf } from './summaries.ts';

type ListRequest = RequestOf<'library.media'>;

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * The library as a list. Summaries are kept in memory and read again only where something changed, so that a page of
 * a library of 20,000 files comes at once while indexing goes on.
 */
export class Listing {
  readonly #store: Store;
  readonly #packRevision: () => string;
  #summaries: Map<number, MediaSummary> | null = null;
  #sorted: { key: string; items: MediaSummary[] } | null = null;

  constructor(store: Store, packRevision: () => string) {
    this.#store = store;
    this.#packRevision = packRevision;
  }

  /** Files changed: these, or any (null). */
  touch(mediaIds: readonly number[] | null): void {
    this.#sorted = null;
    if (mediaIds === null || this.#summaries === null) {
      this.#summaries = null;
      return;
    }
    const roots = new Map(this.#store.roots().map((root) => [root.id, root]));
    for (const id of mediaIds) {
      const media = this.#store.media(id);
      if (media === undefined) this.#summaries.delete(id);
      else this.#summaries.set(id, summaryOf(media, roots.get(media.rootId), this.#packRevision()));
    }
  }

  /** One stretch of the list, and how long the whole of it is. */
  page(request: ListRequest): { total: number; items: MediaSummary[] } {
    const { offset, limit, ...order } = request;
    const key = JSON.stringify(order);
    if (this.#sorted?.key !== key) this.#sorted = { key, items: arrange(this.#all(), order) };
    const { items } = this.#sorted;
    return { total: items.length, items: items.slice(offset, offset + limit) };
  }

  /** All files in some state. */
  withState(state: MediaSummary['state']): MediaSummary[] {
    return [...this.#all().values()].filter((summary) => summary.state === state);
  }

  #all(): ReadonlyMap<number, MediaSummary> {
    if (this.#summaries === null) {
      const roots = new Map(this.#store.roots().map((root) => [root.id, root]));
      const revision = this.#packRevision();
      this.#summaries = new Map(
        this.#store
          .allMedia()
          .map((media) => [media.id, summaryOf(media, roots.get(media.rootId), revision)] as const),
      );
    }
    return this.#summaries;
  }
}

/** Filters and sorts; files that are equal in what is sorted by stay in the order in which they were added. */
export function arrange(
  summaries: ReadonlyMap<number, MediaSummary>,
  { sort, descending, filter }: Omit<ListRequest, 'offset' | 'limit'>,
): MediaSummary[] {
  const words = (filter?.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const folder = filter?.folder?.replace(/^\/+|\/+$/g, '');
  const kept = [...summaries.values()].filter(
    (media) =>
      (filter?.kind === undefined || media.kind === filter.kind) &&
      (filter?.states === undefined || filter.states.includes(media.state)) &&
      (folder === undefined || folder === '' || isInside(media.folder, folder)) &&
      words.every((word) => `${media.folder}/${media.name}`.toLowerCase().includes(word)),
  );
  const direction = descending ? -1 : 1;
  return kept.sort((a, b) => direction * compare(a, b, sort) || direction * (a.id - b.id));
}

function isInside(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(`${outer}/`);
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
