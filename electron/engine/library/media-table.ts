import type { Database, Statement } from 'better-sqlite3';
import type { ErrorReport } from '../errors.ts';
import type { IndexMode, MediaFacts } from '../media/types.ts';
import type { FoundFile, LibraryCounts, MediaRow, MediaState, RootRow } from './types.ts';

interface RootRecord {
  id: number;
  path: string;
  added_at: string;
}

interface MediaRecord {
  id: number;
  root_id: number;
  path: string;
  fingerprint: string;
  bytes: number;
  modified_at: string;
  kind: 'video' | 'image';
  facts: string | null;
  state: MediaState;
  error: string | null;
  mode: IndexMode;
  pack_revision: string | null;
  clip_count: number;
  added_at: string;
  indexed_at: string | null;
}

interface StateRecord {
  state: MediaState;
  n: number;
  /** Of another pack revision. */
  other: number;
  seconds: number;
}

const SELECT = `
  SELECT media.*, (
    SELECT COUNT(*) FROM clips WHERE clips.media_id = media.id AND clips.pack_revision = media.pack_revision
  ) AS clip_count
  FROM media`;

/** Files read at a time by `every`. */
const PAGE = 128;

/** What was given (roots) and what was found there (media). Every method is one statement or one transaction. */
export class MediaTable {
  readonly #database: Database;
  readonly #byId: Statement<[number], MediaRecord>;
  readonly #byPath: Statement<[string], MediaRecord>;
  readonly #byFingerprint: Statement<[string], MediaRecord>;
  readonly #page: Statement<[number, number], Omit<MediaRecord, 'clip_count'>>;
  readonly #clipCounts: Statement<[number, number], { id: number; revision: string; n: number }>;
  readonly #counts: Statement<[string], StateRecord>;
  readonly #countByRoot: Statement<[], { id: number; n: number }>;

  constructor(database: Database) {
    this.#database = database;
    this.#byId = database.prepare(`${SELECT} WHERE media.id = ?`);
    this.#byPath = database.prepare(`${SELECT} WHERE media.path = ?`);
    this.#byFingerprint = database.prepare(`${SELECT} WHERE media.fingerprint = ? ORDER BY media.id`);
    this.#page = database.prepare('SELECT * FROM media WHERE id > ? ORDER BY id LIMIT ?');
    this.#clipCounts = database.prepare(
      `SELECT media_id AS id, pack_revision AS revision, COUNT(*) AS n FROM clips
       WHERE media_id BETWEEN ? AND ? GROUP BY media_id, pack_revision`,
    );
    this.#counts = database.prepare(
      `SELECT state, COUNT(*) AS n, SUM(pack_revision IS NOT ?) AS other,
         SUM(CASE WHEN state = 'indexed' THEN coalesce(json_extract(facts, '$.duration'), 0) ELSE 0 END) AS seconds
       FROM media GROUP BY state`,
    );
    this.#countByRoot = database.prepare('SELECT root_id AS id, COUNT(*) AS n FROM media GROUP BY root_id');
  }

  roots(): RootRow[] {
    return this.#database.prepare<[], RootRecord>('SELECT * FROM roots ORDER BY path').all().map(rootOf);
  }

  /** Adds a root, or returns the one with that path. */
  addRoot(path: string): RootRow {
    this.#database
      .prepare('INSERT INTO roots (path, added_at) VALUES (?, ?) ON CONFLICT (path) DO NOTHING')
      .run(path, now());
    const record = this.#database
      .prepare<[string], RootRecord>('SELECT * FROM roots WHERE path = ?')
      .get(path);
    if (record === undefined) throw new Error(`The root ${path} was not stored.`);
    return rootOf(record);
  }

  /** Forgets a root and everything that was found under it. */
  removeRoot(id: number): void {
    this.#database.prepare('DELETE FROM roots WHERE id = ?').run(id);
  }

  byId(id: number): MediaRow | undefined {
    return optionalMedia(this.#byId.get(id));
  }

  byPath(path: string): MediaRow | undefined {
    return optionalMedia(this.#byPath.get(path));
  }

  /** Every file with that content, oldest first. */
  byFingerprint(fingerprint: string): MediaRow[] {
    return this.#byFingerprint.all(fingerprint).map(mediaOf);
  }

  /** Files in the order of their paths. */
  all(filter: { states?: readonly MediaState[]; rootId?: number } = {}): MediaRow[] {
    const conditions: string[] = [];
    const values: (string | number)[] = [];
    if (filter.states !== undefined) {
      conditions.push(`media.state IN (${filter.states.map(() => '?').join(', ')})`);
      values.push(...filter.states);
    }
    if (filter.rootId !== undefined) {
      conditions.push('media.root_id = ?');
      values.push(filter.rootId);
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    return this.#database
      .prepare<(string | number)[], MediaRecord>(`${SELECT} ${where} ORDER BY media.path`)
      .all(...values)
      .map(mediaOf);
  }

  /** Every file, ids ascending. Clips are counted once a page: one by one that takes most of the time. */
  *every(): IterableIterator<MediaRow> {
    for (let after = 0; ;) {
      const page = this.#page.all(after, PAGE);
      const last = page.at(-1)?.id ?? after;
      const clips = new Map(
        this.#clipCounts.all(after + 1, last).map(({ id, revision, n }) => [`${id} ${revision}`, n]),
      );
      for (const record of page)
        yield mediaOf({
          ...record,
          clip_count: clips.get(`${record.id} ${record.pack_revision ?? ''}`) ?? 0,
        });
      if (page.length < PAGE) return;
      after = last;
    }
  }

  /** Where every file lies, in the order of the paths. */
  places(): { id: number; path: string; state: MediaState }[] {
    return this.#database
      .prepare<[], { id: number; path: string; state: MediaState }>(
        'SELECT id, path, state FROM media ORDER BY path',
      )
      .all();
  }

  /** How many files are in each state. */
  counts(packRevision: string): Omit<LibraryCounts, 'clips'> {
    const counts = { media: 0, indexed: 0, waiting: 0, failed: 0, missing: 0, stale: 0, seconds: 0 };
    for (const { state, n, other, seconds } of this.#counts.all(packRevision)) {
      counts.media += n;
      counts[state === 'indexing' ? 'waiting' : state] += n;
      if (state === 'indexed') counts.stale += other;
      counts.seconds += seconds;
    }
    return counts;
  }

  countByRoot(): Map<number, number> {
    return new Map(this.#countByRoot.all().map(({ id, n }) => [id, n]));
  }

  /** A file seen for the first time; it is `waiting`. */
  insert(rootId: number, file: FoundFile, mode: IndexMode): number {
    const result = this.#database
      .prepare(
        `INSERT INTO media (root_id, path, fingerprint, bytes, modified_at, kind, state, mode, added_at)
         VALUES (@rootId, @path, @fingerprint, @bytes, @modifiedAt, @kind, 'waiting', @mode, @addedAt)`,
      )
      .run({ rootId, ...file, mode, addedAt: now() });
    return Number(result.lastInsertRowid);
  }

  /** What the file system says of a file that is known: after a move, a touch or a change. */
  setFile(id: number, rootId: number, file: FoundFile): void {
    this.#database
      .prepare(
        `UPDATE media SET root_id = @rootId, path = @path, fingerprint = @fingerprint, bytes = @bytes,
           modified_at = @modifiedAt, kind = @kind WHERE id = @id`,
      )
      .run({ id, rootId, ...file });
  }

  setState(id: number, state: MediaState, error: ErrorReport | null): void {
    this.#database
      .prepare('UPDATE media SET state = ?, error = ? WHERE id = ?')
      .run(state, error === null ? null : JSON.stringify(error), id);
  }

  setMode(id: number, mode: IndexMode): void {
    this.#database.prepare('UPDATE media SET mode = ? WHERE id = ?').run(mode, id);
  }

  setFacts(id: number, facts: MediaFacts | null): void {
    this.#database
      .prepare('UPDATE media SET facts = @facts, kind = coalesce(@kind, kind) WHERE id = @id')
      .run({ id, facts: facts === null ? null : JSON.stringify(facts), kind: facts?.kind ?? null });
  }

  setIndexing(id: number, mode: IndexMode, packRevision: string | null): void {
    this.#database
      .prepare(`UPDATE media SET state = 'indexing', error = NULL, mode = ?, pack_revision = ? WHERE id = ?`)
      .run(mode, packRevision, id);
  }

  setIndexed(id: number): void {
    this.#database
      .prepare(`UPDATE media SET state = 'indexed', error = NULL, indexed_at = ? WHERE id = ?`)
      .run(now(), id);
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM media WHERE id = ?').run(id);
  }
}

/** The present moment as the library writes it: ISO 8601, UTC. */
export function now(): string {
  return new Date().toISOString();
}

function rootOf(record: RootRecord): RootRow {
  return { id: record.id, path: record.path, addedAt: record.added_at };
}

function optionalMedia(record: MediaRecord | undefined): MediaRow | undefined {
  return record === undefined ? undefined : mediaOf(record);
}

function mediaOf(record: MediaRecord): MediaRow {
  return {
    id: record.id,
    rootId: record.root_id,
    path: record.path,
    fingerprint: record.fingerprint,
    bytes: record.bytes,
    modifiedAt: record.modified_at,
    kind: record.kind,
    facts: record.facts === null ? null : (JSON.parse(record.facts) as MediaFacts),
    state: record.state,
    error: record.error === null ? null : (JSON.parse(record.error) as ErrorReport),
    mode: record.mode,
    packRevision: record.pack_revision,
    clipCount: record.clip_count,
    addedAt: record.added_at,
    indexedAt: record.indexed_at,
  };
}
