import { mkdirSync, readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import type { Database, Statement } from 'better-sqlite3';
import { diskFull, errorOf, TubeletError, type ErrorReport } from '../errors.ts';
import type { IndexMode, MediaFacts } from '../media/types.ts';
import { CaptionTable } from './caption-table.ts';
import { ClipTable } from './clip-table.ts';
import { DATABASE_NAME, openDatabase } from './database.ts';
import { JobTable } from './job-table.ts';
import { lockLibrary, type LibraryLock } from './lock.ts';
import { MediaTable, now } from './media-table.ts';
import { thumbnailRoot } from './thumbnails.ts';
import type {
  CaptionRow,
  ClipRow,
  FoundFile,
  IndexStore,
  LibraryCounts,
  LibraryTotals,
  MediaRow,
  MediaState,
  NewCaption,
  NewClip,
  RootRow,
} from './types.ts';

const GENERATION = 'clip-generation';

/**
 * Opens the library in a folder, making both where they do not exist yet, and holds it for this process until `close`.
 *
 * @throws TubeletError `library-busy`, `library-newer`, `library-damaged`, `disk-full`, or `unreadable` where the
 * folder cannot be made or written to.
 */
export function openStore(directory: string): SqliteStore {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw notWritable(directory, error);
  }
  let lock: LibraryLock | undefined;
  try {
    lock = lockLibrary(directory);
    return new SqliteStore(directory, openDatabase(directory), lock);
  } catch (error) {
    lock?.release();
    throw unopenable(error, directory);
  }
}

/** SQLite's own reasons for not opening a sound library, in the terms of the person who chose the folder. */
function unopenable(error: unknown, directory: string): Error {
  const { code } = error as { code?: unknown };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return diskFull(directory, error);
  const refused = typeof code === 'string' && /^SQLITE_(READONLY|CANTOPEN|IOERR|PERM)/.test(code);
  return refused ? notWritable(directory, error) : errorOf(error);
}

function notWritable(directory: string, cause: unknown): TubeletError {
  return new TubeletError('unreadable', 'The library folder cannot be made or written to.', {
    path: directory,
    hint: 'Check the folder’s permissions, or use another library with --library.',
    cause,
  });
}

/** The library's truth over better-sqlite3; see `Store` and `IndexStore` for what each method promises. */
export class SqliteStore implements IndexStore {
  readonly directory: string;
  readonly #database: Database;
  readonly #lock: LibraryLock;
  readonly #media: MediaTable;
  readonly #clips: ClipTable;
  readonly #captions: CaptionTable;
  readonly #jobs: JobTable;
  readonly #setting: Statement<[string], { value: string }>;
  readonly #writes: Statement<[], { n: number }>;
  #clipCount: { readonly packRevision: string; readonly generation: number; readonly clips: number } | null =
    null;

  constructor(directory: string, database: Database, lock: LibraryLock) {
    this.directory = directory;
    this.#database = database;
    this.#lock = lock;
    this.#media = new MediaTable(database);
    this.#clips = new ClipTable(database);
    this.#captions = new CaptionTable(database);
    this.#jobs = new JobTable(database);
    this.#setting = database.prepare('SELECT value FROM settings WHERE key = ?');
    this.#writes = database.prepare('SELECT total_changes() AS n');
  }

  roots(): RootRow[] {
    return this.#media.roots();
  }

  addRoot(path: string): RootRow {
    return this.#media.addRoot(path);
  }

  removeRoot(id: number): void {
    this.#changeClips(() => {
      this.#media.removeRoot(id);
    });
  }

  media(id: number): MediaRow | undefined {
    return this.#media.byId(id);
  }

  mediaByPath(path: string): MediaRow | undefined {
    return this.#media.byPath(path);
  }

  everyMedia(): IterableIterator<MediaRow> {
    return this.#media.every();
  }

  mediaByFingerprint(fingerprint: string): MediaRow[] {
    return this.#media.byFingerprint(fingerprint);
  }

  allMedia(filter?: { states?: readonly MediaState[]; rootId?: number }): MediaRow[] {
    return this.#media.all(filter);
  }

  mediaPlaces(): { id: number; path: string; state: MediaState }[] {
    return this.#media.places();
  }

  addMedia(rootId: number, file: FoundFile, mode: IndexMode): MediaRow {
    return this.#existing(this.#media.insert(rootId, file, mode));
  }

  refreshMedia(id: number, rootId: number, file: FoundFile): void {
    this.#media.setFile(id, rootId, file);
  }

  replaceContent(id: number, rootId: number, file: FoundFile): void {
    this.#changeClips(() => {
      this.#clips.remove(id);
      this.#captions.removeSource(id, 'model');
      this.#media.setFile(id, rootId, file);
      this.#media.setFacts(id, null);
      this.#media.setState(id, 'waiting', null);
    });
  }

  markMissing(id: number): void {
    this.#transact(() => {
      this.#media.setState(id, 'missing', null);
      this.#jobs.remove(id);
    });
  }

  markFound(id: number): void {
    const { indexedAt } = this.#existing(id);
    this.#media.setState(id, indexedAt === null ? 'waiting' : 'indexed', null);
  }

  removeMedia(id: number): void {
    this.#changeClips(() => {
      this.#media.remove(id);
    });
  }

  enqueue(mediaId: number, priority: number, mode?: IndexMode): void {
    this.#transact(() => {
      const before = this.#existing(mediaId);
      const turned = mode !== undefined && mode !== before.mode;
      if (turned) this.#media.setMode(mediaId, mode);
      // An interrupted file is taken up where it stands, unless it is to be looked at in another way.
      const keep = before.state === 'indexed' || (before.state === 'indexing' && !turned);
      if (!keep) this.#media.setState(mediaId, 'waiting', null);
      this.#jobs.enqueue(mediaId, priority);
    });
  }

  dequeue(mediaId: number): void {
    this.#jobs.remove(mediaId);
  }

  queued(limit?: number): number[] {
    return this.#jobs.list(limit);
  }

  queuedCount(): number {
    return this.#jobs.count();
  }

  topPriority(): number {
    return this.#jobs.topPriority();
  }

  beginIndexing(id: number, facts: MediaFacts, mode: IndexMode, packRevision: string): ClipRow | undefined {
    return this.#changeClips(() => {
      const before = this.#existing(id);
      const interrupted =
        before.state === 'indexing' && before.mode === mode && before.packRevision === packRevision;
      const last = interrupted ? this.#clips.last(id, packRevision) : undefined;
      this.#clips.remove(id, packRevision, last?.ordinal ?? 0);
      this.#media.setFacts(id, facts);
      this.#media.setIndexing(id, mode, packRevision);
      return last;
    });
  }

  appendClips(mediaId: number, packRevision: string, clips: readonly NewClip[]): void {
    this.#changeClips(() => {
      this.#clips.insert(mediaId, packRevision, clips);
    });
  }

  finishIndexing(id: number, packRevision: string): void {
    this.#changeClips(() => {
      this.#clips.removeOtherRevisions(id, packRevision);
      this.#media.setIndexed(id);
      this.#jobs.remove(id);
    });
  }

  failIndexing(id: number, error: ErrorReport): void {
    this.#changeClips(() => {
      const { packRevision } = this.#existing(id);
      if (error.code === 'damaged' && packRevision !== null)
        this.#clips.removeOtherRevisions(id, packRevision);
      else this.#clips.remove(id);
      this.#media.setState(id, 'failed', error);
      this.#jobs.remove(id);
    });
  }

  adoptClips(id: number, from: MediaRow, packRevision: string): void {
    this.#changeClips(() => {
      this.#clips.remove(id);
      this.#clips.copy(from.id, id, packRevision);
      this.#media.setFacts(id, from.facts);
      this.#media.setIndexing(id, from.mode, packRevision);
      this.#media.setIndexed(id);
      this.#jobs.remove(id);
    });
  }

  clips(mediaId: number, packRevision: string): ClipRow[] {
    return this.#clips.ofMedia(mediaId, packRevision);
  }

  clip(id: number): ClipRow | undefined {
    return this.#clips.byId(id);
  }

  clipAt(mediaId: number, seconds: number, packRevision: string): ClipRow | undefined {
    return this.#clips.at(mediaId, seconds, packRevision);
  }

  embeddings(
    packRevision: string,
    afterId?: number,
  ): IterableIterator<{ id: number; mediaId: number; embedding: Float32Array }> {
    return this.#clips.embeddings(packRevision, afterId);
  }

  mediaEmbeddings(mediaId: number, packRevision: string): { clip: ClipRow; embedding: Float32Array }[] {
    return this.#clips.embeddingsOfMedia(mediaId, packRevision);
  }

  clipEmbedding(clipId: number): Float32Array {
    return this.#clips.embedding(clipId);
  }

  tokens(clipId: number): Float32Array {
    return this.#clips.tokens(clipId);
  }

  clipCount(packRevision: string): number {
    const generation = this.clipGeneration();
    const known = this.#clipCount;
    if (known?.generation === generation && known.packRevision === packRevision) return known.clips;
    const clips = this.#clips.count(packRevision);
    this.#clipCount = { packRevision, generation, clips };
    return clips;
  }

  captions(mediaId: number): CaptionRow[] {
    return this.#captions.ofMedia(mediaId);
  }

  replaceModelCaptions(mediaId: number, captions: readonly NewCaption[]): void {
    this.#transact(() => {
      this.#captions.removeSource(mediaId, 'model');
      const own = this.#captions.ofMedia(mediaId).filter((caption) => caption.source === 'user');
      for (const caption of captions) {
        const taken = own.some((other) => other.start < caption.end && caption.start < other.end);
        if (!taken) this.#captions.insert({ ...caption, mediaId, source: 'model' });
      }
    });
  }

  replaceFileCaptions(mediaId: number, captions: readonly NewCaption[]): void {
    this.#transact(() => {
      this.#captions.removeSource(mediaId, 'file');
      for (const caption of captions) this.#captions.insert({ ...caption, mediaId, source: 'file' });
    });
  }

  insertCaption(caption: NewCaption): CaptionRow {
    return this.#transact(() => this.#captions.insert(caption));
  }

  updateCaption(id: number, change: Partial<Omit<NewCaption, 'mediaId'>>): CaptionRow {
    return this.#transact(() => this.#captions.update(id, change));
  }

  deleteCaption(id: number): void {
    this.#captions.remove(id);
  }

  captionsByPeople(): CaptionRow[] {
    return this.#captions.byPeople();
  }

  peopleWrote(): string {
    return this.#captions.stateOfPeople();
  }

  searchCaptions(words: string, limit: number): { caption: CaptionRow; rank: number }[] {
    return this.#captions.search(words, limit);
  }

  recordQuestion(row: {
    scope: string;
    mediaId: number | null;
    at: number | null;
    question: string;
    answer: string | null;
    confidence: number;
    moments: unknown;
  }): void {
    this.#database
      .prepare(
        `INSERT INTO questions (scope, media_id, at, question, answer, confidence, moments, asked_at)
         VALUES (@scope, @mediaId, @at, @question, @answer, @confidence, @moments, @askedAt)`,
      )
      .run({ ...row, moments: JSON.stringify(row.moments), askedAt: now() });
  }

  questions(limit: number): { question: string; answer: string | null; askedAt: string }[] {
    return this.#database
      .prepare<[number], { question: string; answer: string | null; askedAt: string }>(
        'SELECT question, answer, asked_at AS askedAt FROM questions ORDER BY id DESC LIMIT ?',
      )
      .all(limit);
  }

  setting(key: string): unknown {
    const record = this.#setting.get(key);
    return record === undefined ? undefined : JSON.parse(record.value);
  }

  setSetting(key: string, value: unknown): void {
    this.#database
      .prepare(
        'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      )
      .run(key, JSON.stringify(value));
  }

  counts(packRevision: string): LibraryCounts {
    return { ...this.#media.counts(packRevision), clips: this.clipCount(packRevision) };
  }

  countByRoot(): ReadonlyMap<number, number> {
    return this.#media.countByRoot();
  }

  totals(packRevision: string): LibraryTotals {
    return {
      ...this.counts(packRevision),
      databaseBytes: bytesBelow(this.directory, (name) => name.startsWith(DATABASE_NAME)),
      thumbnailBytes: bytesBelow(thumbnailRoot(this.directory)),
    };
  }

  writes(): number {
    return this.#writes.get()?.n ?? 0;
  }

  clipGeneration(): number {
    return Number(this.setting(GENERATION) ?? 0);
  }

  close(): void {
    if (this.#database.open) this.#database.close();
    this.#lock.release();
  }

  #existing(id: number): MediaRow {
    const row = this.#media.byId(id);
    if (row === undefined) {
      throw new TubeletError('not-found', 'That file is no longer in the library.', {
        hint: 'Index its folder again.',
      });
    }
    return row;
  }

  #transact<T>(work: () => T): T {
    return this.#database.transaction(work)();
  }

  /** A transaction after which caches of the clips know that they are behind. */
  #changeClips<T>(work: () => T): T {
    return this.#transact(() => {
      const result = work();
      this.setSetting(GENERATION, this.clipGeneration() + 1);
      return result;
    });
  }
}

/** Bytes of the files in a folder and below it; 0 where the folder does not exist. */
function bytesBelow(directory: string, counts: (name: string) => boolean = () => true): number {
  let bytes = 0;
  for (const entry of listing(directory)) {
    if (entry.isFile() && counts(entry.name)) {
      bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
    }
  }
  return bytes;
}

function listing(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true, recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
