import type { Database, Statement } from 'better-sqlite3';
import { now } from './media-table.ts';

/** Files that still have to be indexed: the queue that outlives the process. Higher priority first, then older files. */
export class JobTable {
  readonly #enqueue: Statement<[number, number, string]>;
  readonly #remove: Statement<[number]>;
  readonly #list: Statement<[number], { media_id: number }>;
  readonly #count: Statement<[], { n: number }>;
  readonly #top: Statement<[], { top: number | null }>;

  constructor(database: Database) {
    this.#enqueue = database.prepare(
      `INSERT INTO jobs (media_id, priority, queued_at) VALUES (?, ?, ?)
       ON CONFLICT (media_id) DO UPDATE SET priority = excluded.priority`,
    );
    this.#remove = database.prepare('DELETE FROM jobs WHERE media_id = ?');
    this.#list = database.prepare('SELECT media_id FROM jobs ORDER BY priority DESC, media_id LIMIT ?');
    this.#count = database.prepare('SELECT COUNT(*) AS n FROM jobs');
    this.#top = database.prepare('SELECT max(priority) AS top FROM jobs');
  }

  /** Queues a file; one that is queued already takes the new priority. */
  enqueue(mediaId: number, priority: number): void {
    this.#enqueue.run(mediaId, priority, now());
  }

  remove(mediaId: number): void {
    this.#remove.run(mediaId);
  }

  /** Queued files in the order of the queue; at most `limit` of them where given. */
  list(limit = -1): number[] {
    return this.#list.all(limit).map((record) => record.media_id);
  }

  count(): number {
    return this.#count.get()?.n ?? 0;
  }

  /** The highest priority in the queue; 0 where nothing waits. */
  topPriority(): number {
    return this.#top.get()?.top ?? 0;
  }
}
