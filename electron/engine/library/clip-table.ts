import type { Database, Statement } from 'better-sqlite3';
import { bytesOf, floatsOf, int8Of } from './blobs.ts';
import { dequantiseTokens, quantiseTokens } from './tokens.ts';
import type { ClipRow, NewClip } from './types.ts';

interface ClipRecord {
  id: number;
  media_id: number;
  ordinal: number;
  start: number;
  end: number;
  cut_before: number;
  pack_revision: string;
}

type EmbeddedRecord = ClipRecord & { embedding: Buffer };

const COLUMNS = 'id, media_id, ordinal, start, "end", cut_before, pack_revision';

/** Embeddings that are read at once while all of them stream by; the database stays free to write in between. */
const PAGE = 256;

/** What the vision encoder made of each clip. */
export class ClipTable {
  readonly #database: Database;
  readonly #insertClip: Statement;
  readonly #insertTokens: Statement;
  readonly #page: Statement<[string, number], { id: number; media_id: number; embedding: Buffer }>;
  readonly #ofMedia: Statement<[number, string], ClipRecord>;
  readonly #count: Statement<[string], { n: number }>;

  constructor(database: Database) {
    this.#database = database;
    this.#insertClip = database.prepare(
      `INSERT INTO clips (media_id, pack_revision, ordinal, start, "end", cut_before, embedding)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insertTokens = database.prepare(
      'INSERT INTO clip_tokens (clip_id, quantised, scales) VALUES (?, ?, ?)',
    );
    this.#page = database.prepare(
      `SELECT id, media_id, embedding FROM clips WHERE pack_revision = ? AND id > ? ORDER BY id LIMIT ${PAGE}`,
    );
    this.#ofMedia = database.prepare(
      `SELECT ${COLUMNS} FROM clips WHERE media_id = ? AND pack_revision = ? ORDER BY ordinal`,
    );
    this.#count = database.prepare('SELECT COUNT(*) AS n FROM clips WHERE pack_revision = ?');
  }

  ofMedia(mediaId: number, packRevision: string): ClipRow[] {
    return this.#ofMedia.all(mediaId, packRevision).map(clipOf);
  }

  byId(id: number): ClipRow | undefined {
    return optionalClip(
      this.#database.prepare<[number], ClipRecord>(`SELECT ${COLUMNS} FROM clips WHERE id = ?`).get(id),
    );
  }

  /** The clip that holds the time, else the nearest one. */
  at(mediaId: number, seconds: number, packRevision: string): ClipRow | undefined {
    return optionalClip(
      this.#database
        .prepare<{ mediaId: number; packRevision: string; at: number }, ClipRecord>(
          `SELECT ${COLUMNS} FROM clips WHERE media_id = @mediaId AND pack_revision = @packRevision
           ORDER BY CASE WHEN start <= @at AND @at < "end" THEN -1 ELSE min(abs(start - @at), abs("end" - @at)) END,
             ordinal
           LIMIT 1`,
        )
        .get({ mediaId, packRevision, at: seconds }),
    );
  }

  /** The clip of a file that was stored last under the revision: where an interrupted indexing stands. */
  last(mediaId: number, packRevision: string): ClipRow | undefined {
    return optionalClip(
      this.#database
        .prepare<[number, string], ClipRecord>(
          `SELECT ${COLUMNS} FROM clips WHERE media_id = ? AND pack_revision = ? ORDER BY ordinal DESC LIMIT 1`,
        )
        .get(mediaId, packRevision),
    );
  }

  *embeddings(
    packRevision: string,
    afterId = 0,
  ): IterableIterator<{ id: number; mediaId: number; embedding: Float32Array }> {
    for (let after = afterId; ;) {
      const page = this.#page.all(packRevision, after);
      for (const record of page) {
        yield { id: record.id, mediaId: record.media_id, embedding: floatsOf(record.embedding) };
        after = record.id;
      }
      if (page.length < PAGE) return;
    }
  }

  embeddingsOfMedia(mediaId: number, packRevision: string): { clip: ClipRow; embedding: Float32Array }[] {
    return this.#database
      .prepare<[number, string], EmbeddedRecord>(
        `SELECT ${COLUMNS}, embedding FROM clips WHERE media_id = ? AND pack_revision = ? ORDER BY ordinal`,
      )
      .all(mediaId, packRevision)
      .map((record) => ({ clip: clipOf(record), embedding: floatsOf(record.embedding) }));
  }

  embedding(clipId: number): Float32Array {
    const record = this.#database
      .prepare<[number], { embedding: Buffer }>('SELECT embedding FROM clips WHERE id = ?')
      .get(clipId);
    return record === undefined ? new Float32Array(0) : floatsOf(record.embedding);
  }

  tokens(clipId: number): Float32Array {
    const record = this.#database
      .prepare<[number], { quantised: Buffer; scales: Buffer }>(
        'SELECT quantised, scales FROM clip_tokens WHERE clip_id = ?',
      )
      .get(clipId);
    if (record === undefined) return new Float32Array(0);
    return dequantiseTokens({ values: int8Of(record.quantised), scales: floatsOf(record.scales) });
  }

  count(packRevision: string): number {
    return this.#count.get(packRevision)?.n ?? 0;
  }

  /** Adds clips of one file; the caller holds the transaction. */
  insert(mediaId: number, packRevision: string, clips: readonly NewClip[]): void {
    for (const clip of clips) {
      const { lastInsertRowid } = this.#insertClip.run(
        mediaId,
        packRevision,
        clip.ordinal,
        clip.start,
        clip.end,
        Number(clip.cutBefore),
        bytesOf(clip.embedding),
      );
      if (clip.tokens.length === 0) continue;
      const stored = quantiseTokens(clip.tokens, clip.tokenWidth);
      this.#insertTokens.run(lastInsertRowid, bytesOf(stored.values), bytesOf(stored.scales));
    }
  }

  /** Gives one file the clips of another with the same content; the caller holds the transaction. */
  copy(fromMediaId: number, toMediaId: number, packRevision: string): void {
    this.#database
      .prepare(
        `INSERT INTO clips (media_id, pack_revision, ordinal, start, "end", cut_before, embedding)
         SELECT ?, pack_revision, ordinal, start, "end", cut_before, embedding
         FROM clips WHERE media_id = ? AND pack_revision = ? ORDER BY ordinal`,
      )
      .run(toMediaId, fromMediaId, packRevision);
    this.#database
      .prepare(
        `INSERT INTO clip_tokens (clip_id, quantised, scales)
         SELECT twin.id, clip_tokens.quantised, clip_tokens.scales
         FROM clips AS twin
         JOIN clips AS original ON original.media_id = @from AND original.pack_revision = twin.pack_revision
           AND original.ordinal = twin.ordinal
         JOIN clip_tokens ON clip_tokens.clip_id = original.id
         WHERE twin.media_id = @to AND twin.pack_revision = @packRevision`,
      )
      .run({ from: fromMediaId, to: toMediaId, packRevision });
  }

  /** Drops the clips of a file from `ordinal` on; of every revision where none is named. */
  remove(mediaId: number, packRevision?: string, fromOrdinal = 0): void {
    this.#database
      .prepare(
        `DELETE FROM clips WHERE media_id = @mediaId AND ordinal >= @fromOrdinal
         AND (@packRevision IS NULL OR pack_revision = @packRevision)`,
      )
      .run({ mediaId, fromOrdinal, packRevision: packRevision ?? null });
  }

  /** Drops the clips of a file that other packs or revisions made. */
  removeOtherRevisions(mediaId: number, packRevision: string): void {
    this.#database
      .prepare('DELETE FROM clips WHERE media_id = ? AND pack_revision <> ?')
      .run(mediaId, packRevision);
  }
}

function optionalClip(record: ClipRecord | undefined): ClipRow | undefined {
  return record === undefined ? undefined : clipOf(record);
}

function clipOf(record: ClipRecord): ClipRow {
  return {
    id: record.id,
    mediaId: record.media_id,
    ordinal: record.ordinal,
    start: record.start,
    end: record.end,
    cutBefore: record.cut_before === 1,
    packRevision: record.pack_revision,
  };
}
