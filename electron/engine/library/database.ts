import { join } from 'node:path';
import Database from 'better-sqlite3';
import { TubeletError } from '../errors.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations.ts';

/** The database's file name inside the library folder. */
export const DATABASE_NAME = 'library.sqlite';

/** Megabytes of pages that SQLite keeps in memory. */
const CACHE_MEGABYTES = 32;

/**
 * Opens the library's database and brings it to the present schema, each step in a transaction of its own.
 *
 * @throws TubeletError `library-newer` for a schema from a later version, `library-damaged` for a file that is not a
 * sound SQLite database.
 */
export function openDatabase(directory: string): Database.Database {
  const path = join(directory, DATABASE_NAME);
  const database = new Database(path);
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    database.pragma(`cache_size = ${-1024 * CACHE_MEGABYTES}`);
    migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code)) {
      throw new TubeletError('library-damaged', 'The library’s database is damaged and cannot be read.', {
        path,
        hint: 'Restore it from a backup, or move the file away and index your folders again.',
        cause: error,
      });
    }
    throw error;
  }
}

function migrate(database: Database.Database, path: string): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new TubeletError(
      'library-newer',
      `The library was written by a newer Tubelet (schema ${version}; this one knows ${SCHEMA_VERSION}).`,
      { path, hint: 'Update Tubelet, or use another library with --library.' },
    );
  }
  for (const migration of MIGRATIONS) {
    if (migration.version <= version) continue;
    database.transaction(() => {
      database.exec(migration.sql);
      database.pragma(`user_version = ${migration.version}`);
    })();
  }
}
