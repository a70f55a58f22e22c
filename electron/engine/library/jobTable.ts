import type { Database, Statement } from 'better-sqlite3';
import { now } from './mediaTable.ts';

/** Files that still have to be indexed: the queue that outlives the process. Higher priority first, then older files. */
export class JobTable {
  readonly #enqueue: Statement<[number, number, string]>;
  readonly #next: Statement<[], { media_id: number }>;
  readonly #remove: Statement<[number]>;
  readonly #all: Statement<[], { media_id: number }>;

  constructor(database: Database) {
    this.#enqueue = database.prepare(
      `INSERT INTO jobs (media_id, priority, queued_at) VALUES (?, ?, ?)
       ON CONFLICT (media_id) DO UPDATE SET priority = excluded.priority`,
    );
    this.#next = database.prepare('SELECT media_id FROM jobs ORDER BY priority DESC, media_id LIMIT 1');
    this.#remove = database.prepare('DELETE FROM jobs WHERE media_id = ?');
    this.#all = database.prepare('SELECT media_id FROM jobs ORDER BY priority DESC, media_id');
  }

  /** Queues a file; one that is queued already takes the new priority. */
  enqueue(mediaId: number, priority: number): void {
    this.#enqueue.run(mediaId, priority, now());
  }

  next(): number | undefined {
    return this.#next.get()?.media_id;
  }

  remove(mediaId: number): void {
    this.#remove.run(mediaId);
  }

  /** Every queued file in the order of the queue. */
  all(): number[] {
    return this.#all.all().map((record) => record.media_id);
  }
}
