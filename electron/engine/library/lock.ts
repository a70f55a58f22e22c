import { join } from 'node:path';
import Database from 'better-sqlite3';
import { TubeletError } from '../errors.ts';

/** A hold on a library; `release` gives it back. */
export interface LibraryLock {
  release(): void;
}

/**
 * Takes the library for this process. The lock is an open exclusive transaction on a small SQLite file, thus a lock of
 * the operating system: it goes when the process does, however it dies, and no stale lock file can remain.
 *
 * @throws TubeletError `library-busy` when another process (or another store in this one) holds the library.
 */
export function lockLibrary(directory: string): LibraryLock {
  const file = new Database(join(directory, 'lock.sqlite'), { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new TubeletError('library-busy', 'Another Tubelet is using this library.', {
        path: directory,
        hint: 'Close the other window or wait until its command has finished, or use another library with --library.',
        cause: error,
      });
    }
    throw error;
  }
  return {
    release: () => {
      if (file.open) file.close();
    },
  };
}
