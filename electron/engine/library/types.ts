import type { ErrorReport } from '../errors.ts';
import type { IndexMode, MediaFacts } from '../media/types.ts';

/**
 * What became of a file. `waiting` and `indexing` are on their way; `indexed` is searchable; `failed` has an error and
 * can be retried; `missing` was indexed but its file is gone (kept, in case it comes back or has moved).
 */
export type MediaState = 'waiting' | 'indexing' | 'indexed' | 'failed' | 'missing';

/** A folder (or single file) that the person gave. */
export interface RootRow {
  readonly id: number;
  readonly path: string;
  readonly addedAt: string;
}

/** One file of the library. */
export interface MediaRow {
  readonly id: number;
  readonly rootId: number;
  /** Absolute path, as found under its root. */
  readonly path: string;
  /** Content fingerprint: equal for a moved or renamed file, different for a changed one. */
  readonly fingerprint: string;
  readonly bytes: number;
  readonly modifiedAt: string;
  readonly kind: 'video' | 'image';
  /** Null until it has been probed. */
  readonly facts: MediaFacts | null;
  readonly state: MediaState;
  readonly error: ErrorReport | null;
  readonly mode: IndexMode;
  /** Revision of the pack that its clips were made with; null before the first clip. */
  readonly packRevision: string | null;
  readonly clipCount: number;
  readonly addedAt: string;
  readonly indexedAt: string | null;
}

/** Vision tokens as they are stored: int8 with one scale a token (value = int8 * scale). */
export interface StoredTokens {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** One clip of a file. Seconds. */
export interface ClipRow {
  readonly id: number;
  readonly mediaId: number;
  readonly ordinal: number;
  readonly start: number;
  readonly end: number;
  readonly cutBefore: boolean;
  readonly packRevision: string;
}

/** A clip that has just been encoded. */
export interface NewClip {
  readonly ordinal: number;
  readonly start: number;
  readonly end: number;
  readonly cutBefore: boolean;
  readonly embedding: Float32Array;
  /** Floats from the encoder; the store quantises them. Empty where the pack keeps none. */
  readonly tokens: Float32Array;
  readonly tokenWidth: number;
}

/** Where a caption came from. A `user` caption is never overwritten by the model. `file`: a subtitle file beside it. */
export type CaptionSource = 'model' | 'user' | 'file';

export interface CaptionRow {
  readonly id: number;
  readonly mediaId: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly source: CaptionSource;
  /** Calibrated, 0 to 1; 1 for a person's own words. */
  readonly confidence: number;
  /** Text embedding of the caption under `packRevision`; null where none was made. */
  readonly embedding: Float32Array | null;
  readonly packRevision: string | null;
  readonly updatedAt: string;
}

export type NewCaption = Omit<CaptionRow, 'id' | 'updatedAt'>;

/** A media file as a scan finds it. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly fingerprint: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
  /** Told from the name; corrected by the probe. */
  readonly kind: 'video' | 'image';
}

/** How many files are in each state, and what was made of them. */
export interface LibraryCounts {
  readonly media: number;
  readonly indexed: number;
  readonly waiting: number;
  readonly failed: number;
  readonly missing: number;
  readonly stale: number;
  readonly clips: number;
  /** Seconds of video indexed. */
  readonly seconds: number;
}

/** Totals for `status`. */
export interface LibraryTotals extends LibraryCounts {
  /** Bytes of the database and of the thumbnails. */
  readonly databaseBytes: number;
  readonly thumbnailBytes: number;
}

/**
 * The library's truth: one SQLite database in the library folder. Synchronous (better-sqlite3); every method that
 * writes is one transaction. Only one process may hold a library at a time (`library-busy` otherwise).
 */
export interface Store {
  readonly directory: string;
  roots(): RootRow[];
  addRoot(path: string): RootRow;
  removeRoot(id: number): void;

  media(id: number): MediaRow | undefined;
  mediaByPath(path: string): MediaRow | undefined;
  allMedia(filter?: { states?: readonly MediaState[]; rootId?: number }): MediaRow[];

  /** Clips of one file in time order, of the given pack revision. */
  clips(mediaId: number, packRevision: string): ClipRow[];
  clip(id: number): ClipRow | undefined;
  /** The clip of the file that contains the time (or the nearest one). */
  clipAt(mediaId: number, seconds: number, packRevision: string): ClipRow | undefined;
  /** Every clip's embedding under a revision, for building indexes and exact scans: ids ascending. */
  embeddings(
    packRevision: string,
    afterId?: number,
  ): IterableIterator<{ id: number; mediaId: number; embedding: Float32Array }>;
  /** Embeddings of one file's clips, in time order. */
  mediaEmbeddings(mediaId: number, packRevision: string): { clip: ClipRow; embedding: Float32Array }[];
  /** The embedding of a clip, unit length; empty for a clip that is not there. */
  clipEmbedding(clipId: number): Float32Array;
  /** The vision tokens of a clip as floats; empty where the pack keeps none. */
  tokens(clipId: number): Float32Array;
  clipCount(packRevision: string): number;

  captions(mediaId: number): CaptionRow[];
  /** Replaces the model's captions of a file (rows of other sources stay); user captions win where times overlap. */
  replaceModelCaptions(mediaId: number, captions: readonly NewCaption[]): void;
  /** Replaces the imported captions (`file`) of a file. */
  replaceFileCaptions(mediaId: number, captions: readonly NewCaption[]): void;
  insertCaption(caption: NewCaption): CaptionRow;
  updateCaption(id: number, change: Partial<Omit<NewCaption, 'mediaId'>>): CaptionRow;
  deleteCaption(id: number): void;
  /** Captions that people wrote, of all files; `peopleWrote` changes whenever these do. */
  captionsByPeople(): CaptionRow[];
  peopleWrote(): string;
  /** Full-text search (FTS5) over captions and subtitles, best first; `rank` is bm25 (lower is better). */
  searchCaptions(words: string, limit: number): { caption: CaptionRow; rank: number }[];

  recordQuestion(row: {
    scope: string;
    mediaId: number | null;
    at: number | null;
    question: string;
    answer: string | null;
    confidence: number;
    moments: unknown;
  }): void;
  questions(limit: number): { question: string; answer: string | null; askedAt: string }[];

  /** What was set under the key, as JSON gives it back; undefined where nothing was. The reader checks its shape. */
  setting(key: string): unknown;
  setSetting(key: string, value: unknown): void;

  /** Quick, however large the library is. */
  counts(packRevision: string): LibraryCounts;
  /** How many files each root holds; roots without any are left out. */
  countByRoot(): ReadonlyMap<number, number>;
  /** The counts with what lies on the disk, which means a walk through every folder of thumbnails. */
  totals(packRevision: string): LibraryTotals;
  /** Grows with every row that this store wrote: what was read before holds for as long as it stays. */
  writes(): number;
  /** Increases with every committed change of clips: caches compare it. */
  clipGeneration(): number;
  close(): void;
}

/**
 * What scanning and indexing write, on top of what everyone reads. A file that has to be indexed is `waiting` and stands
 * in the queue; both outlive the process.
 */
export interface IndexStore extends Store {
  /** Where every file lies and in which state it is, without the rest of its row. */
  mediaPlaces(): { readonly id: number; readonly path: string; readonly state: MediaState }[];
  /** Every file, ids ascending, read a page at a time: the store may be written to while it is walked. */
  everyMedia(): IterableIterator<MediaRow>;
  mediaByFingerprint(fingerprint: string): MediaRow[];
  /** Adds a file seen for the first time. Not queued yet. */
  addMedia(rootId: number, file: FoundFile, mode: IndexMode): MediaRow;
  /** A known file lies elsewhere, or was touched without a change of content. Its index is kept. */
  refreshMedia(id: number, rootId: number, file: FoundFile): void;
  /** A known file has other content: its clips and the model's captions go, a person's captions stay. */
  replaceContent(id: number, rootId: number, file: FoundFile): void;
  markMissing(id: number): void;
  /** A missing file has come back unchanged. */
  markFound(id: number): void;
  removeMedia(id: number): void;

  /**
   * Queues a file to be indexed; higher priorities go first. A file that is indexed already stays searchable until its
   * turn comes. A `mode` replaces the one that it was to be looked at before.
   */
  enqueue(mediaId: number, priority: number, mode?: IndexMode): void;
  dequeue(mediaId: number): void;
  /** Files that are queued, in the order in which they will be indexed; the first `limit` of them where given. */
  queued(limit?: number): number[];
  queuedCount(): number;
  /** The highest priority in the queue; what is asked for last gets a higher one. */
  topPriority(): number;

  /**
   * Begins or takes up the indexing of a file. Clips that the same mode and revision left behind are kept, except the
   * last one, which is returned: the reading begins again there. All other clips under the revision go.
   */
  beginIndexing(id: number, facts: MediaFacts, mode: IndexMode, packRevision: string): ClipRow | undefined;
  /** Adds a batch of clips. */
  appendClips(mediaId: number, packRevision: string, clips: readonly NewClip[]): void;
  /** The file is searchable from here on: clips of other revisions go, and it leaves the queue. */
  finishIndexing(id: number, packRevision: string): void;
  /** The file cannot be indexed, or not to its end; clips that were read before the damage stay searchable. */
  failIndexing(id: number, error: ErrorReport): void;
  /** Gives a file the clips of an indexed one with the same content, and finishes it. */
  adoptClips(id: number, from: MediaRow, packRevision: string): void;
}
