import type { ClipRow, MediaRow, Store } from '../library/types.ts';
import type { LiveVectors } from '../vectors/live.ts';
import { admits, isFiltering } from './filters.ts';
import type { ClipSource } from './moments.ts';
import type { Filters } from './query.ts';

/** The part of the store that a search reads. */
export type SearchStore = Pick<
  Store,
  | 'media'
  | 'allMedia'
  | 'clips'
  | 'clipAt'
  | 'tokens'
  | 'searchCaptions'
  | 'captionsByPeople'
  | 'peopleWrote'
  | 'setting'
  | 'setSetting'
>;

/** Files and their clips as one search sees them: filtered, read once, without files that cannot be opened. */
export class Catalogue {
  readonly #store: SearchStore;
  readonly #vectors: LiveVectors;
  readonly #admitted: ReadonlySet<number> | null;
  readonly #media = new Map<number, MediaRow | null>();
  readonly #clips = new Map<number, readonly ClipRow[]>();
  /** Clips of the files that pass the filters, and the share of the library that they are. */
  readonly clipCount: number;

  constructor(store: SearchStore, vectors: LiveVectors, filters: Filters) {
    this.#store = store;
    this.#vectors = vectors;
    if (!isFiltering(filters)) {
      this.#admitted = null;
      this.clipCount = vectors.size;
      return;
    }
    const files = this.#candidates(filters).filter((media) => isShown(media) && admits(filters, media));
    for (const file of files) this.#media.set(file.id, file);
    this.#admitted = new Set(files.map(({ id }) => id));
    this.clipCount = files.reduce((sum, { clipCount }) => sum + clipCount, 0);
  }

  /** What an index may return; undefined where every clip may be. */
  get accept(): ((clipId: number) => boolean) | undefined {
    const admitted = this.#admitted;
    return admitted === null ? undefined : (id) => admitted.has(this.#vectors.mediaOf(id) ?? 0);
  }

  /** A file that may be shown, else undefined. */
  media(mediaId: number): MediaRow | undefined {
    if (this.#admitted !== null && !this.#admitted.has(mediaId)) return undefined;
    let row = this.#media.get(mediaId);
    if (row === undefined) {
      const stored = this.#store.media(mediaId);
      row = stored !== undefined && isShown(stored) ? stored : null;
      this.#media.set(mediaId, row);
    }
    return row ?? undefined;
  }

  /** The clips of a file in the order of time. */
  clips(mediaId: number): readonly ClipRow[] {
    let clips = this.#clips.get(mediaId);
    if (clips === undefined) {
      clips = this.#store.clips(mediaId, this.#vectors.packRevision);
      this.#clips.set(mediaId, clips);
    }
    return clips;
  }

  /** The files that pass the filters, newest first; all that may be shown where there are none. */
  files(takenAt: (media: MediaRow) => number): MediaRow[] {
    const ids = this.#admitted ?? this.#store.allMedia().map(({ id }) => id);
    const files = [...ids].flatMap((id) => this.media(id) ?? []);
    return files.sort((a, b) => takenAt(b) - takenAt(a) || a.id - b.id);
  }

  /** What merging of clips asks, with the scores that it needs. */
  source(scores: Pick<ClipSource, 'zOf' | 'strengthOf'>): ClipSource {
    return {
      mediaOf: (clipId) => this.media(this.#vectors.mediaOf(clipId) ?? 0)?.id,
      clipsOf: (mediaId) => this.clips(mediaId),
      zOf: scores.zOf,
      strengthOf: scores.strengthOf,
    };
  }

  #candidates(filters: Filters): MediaRow[] {
    if (filters.mediaIds === undefined) return this.#store.allMedia();
    return [...new Set(filters.mediaIds)].flatMap((id) => this.#store.media(id) ?? []);
  }
}

/** A file that is gone has no moment to open. One that failed half-way keeps the clips read before the damage. */
function isShown(media: MediaRow): boolean {
  return media.state !== 'missing';
}
