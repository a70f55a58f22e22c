import type { Database, Statement } from 'better-sqlite3';
import { TubeletError } from '../errors.ts';
import { bytesOf, floatsOf } from './blobs.ts';
import { now } from './media-table.ts';
import type { CaptionRow, CaptionSource, NewCaption } from './types.ts';

interface CaptionRecord {
  id: number;
  media_id: number;
  start: number;
  end: number;
  text: string;
  source: CaptionSource;
  confidence: number;
  embedding: Buffer | null;
  pack_revision: string | null;
  updated_at: string;
}

/** What was said of each file: by the model, by a person, by a subtitle file beside it. */
export class CaptionTable {
  readonly #database: Database;
  readonly #insert: Statement;
  readonly #byId: Statement<[number], CaptionRecord>;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT INTO captions (media_id, start, "end", text, source, confidence, embedding, pack_revision, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byId = database.prepare('SELECT * FROM captions WHERE id = ?');
  }

  /** Captions of a file in the order of time. */
  ofMedia(mediaId: number): CaptionRow[] {
    return this.#database
      .prepare<[number], CaptionRecord>('SELECT * FROM captions WHERE media_id = ? ORDER BY start, "end", id')
      .all(mediaId)
      .map(captionOf);
  }

  /** Captions that people wrote, of all files. */
  byPeople(): CaptionRow[] {
    return this.#database
      .prepare<[], CaptionRecord>("SELECT * FROM captions WHERE source = 'user' ORDER BY id")
      .all()
      .map(captionOf);
  }

  /** Changes whenever people wrote, changed or took away a caption. */
  stateOfPeople(): string {
    const state = this.#database
      .prepare<[], { n: number; ids: number | null; last: string | null }>(
        "SELECT COUNT(*) AS n, SUM(id) AS ids, MAX(updated_at) AS last FROM captions WHERE source = 'user'",
      )
      .get();
    return [state?.n, state?.ids, state?.last].join(' ');
  }

  insert(caption: NewCaption): CaptionRow {
    const { lastInsertRowid } = this.#insert.run(
      caption.mediaId,
      caption.start,
      caption.end,
      caption.text,
      caption.source,
      caption.confidence,
      caption.embedding === null ? null : bytesOf(caption.embedding),
      caption.packRevision,
      now(),
    );
    return this.#existing(Number(lastInsertRowid));
  }

  update(id: number, change: Partial<Omit<NewCaption, 'mediaId'>>): CaptionRow {
    const after = { ...this.#existing(id), ...change };
    this.#database
      .prepare(
        `UPDATE captions SET start = ?, "end" = ?, text = ?, source = ?, confidence = ?, embedding = ?,
           pack_revision = ?, updated_at = ? WHERE id = ?`,
      )
      .run(
        after.start,
        after.end,
        after.text,
        after.source,
        after.confidence,
        after.embedding === null ? null : bytesOf(after.embedding),
        after.packRevision,
        now(),
        id,
      );
    return this.#existing(id);
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM captions WHERE id = ?').run(id);
  }

  /** Drops the captions of one source; the caller holds the transaction. */
  removeSource(mediaId: number, source: CaptionSource): void {
    this.#database.prepare('DELETE FROM captions WHERE media_id = ? AND source = ?').run(mediaId, source);
  }

  search(words: string, limit: number): { caption: CaptionRow; rank: number }[] {
    const expression = matchExpression(words);
    if (expression === '') return [];
    return this.#database
      .prepare<[string, number], CaptionRecord & { rank: number }>(
        `SELECT captions.*, found.rank AS rank
         FROM (SELECT rowid, rank FROM captions_text WHERE captions_text MATCH ? ORDER BY rank LIMIT ?) AS found
         JOIN captions ON captions.id = found.rowid
         ORDER BY found.rank, captions.id`,
      )
      .all(expression, limit)
      .map((record) => ({ caption: captionOf(record), rank: record.rank }));
  }

  #existing(id: number): CaptionRow {
    const record = this.#byId.get(id);
    if (record === undefined) {
      throw new TubeletError('not-found', 'That caption no longer exists.', {
        hint: 'Reload the list of captions.',
      });
    }
    return captionOf(record);
  }
}

/**
 * What FTS5 is asked for a person's words: all of them in any order, a quoted part as a phrase. Every part is quoted, so
 * that nothing a person types is read as FTS5's query language. Empty where there is no word.
 */
export function matchExpression(words: string): string {
  const parts = words.match(/"[^"]*"|[^\s"]+/gu) ?? [];
  return parts
    .map((part) => part.replaceAll('"', ' ').trim())
    .filter((part) => /[\p{L}\p{N}]/u.test(part))
    .map((part) => `"${part}"`)
    .join(' ');
}

function captionOf(record: CaptionRecord): CaptionRow {
  return {
    id: record.id,
    mediaId: record.media_id,
    start: record.start,
    end: record.end,
    text: record.text,
    source: record.source,
    confidence: record.confidence,
    embedding: record.embedding === null ? null : floatsOf(record.embedding),
    packRevision: record.pack_revision,
    updatedAt: record.updated_at,
  };
}
