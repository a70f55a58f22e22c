import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DATABASE_NAME } from '../../engine/library/database.ts';
import { thumbnailRoot } from '../../engine/library/thumbnails.ts';

/** What a library takes on the disk. */
export interface StorageSizes {
  readonly databaseBytes: number;
  readonly thumbnailBytes: number;
}

const MINUTE = 60_000;

/**
 * How much room a library takes. A large one has ten thousands of thumbnails: they are counted in the background, at most
 * once in a while, and what was counted last is what is told.
 */
export class Storage {
  readonly #library: string;
  readonly #onCounted: () => void;
  #sizes: StorageSizes = { databaseBytes: 0, thumbnailBytes: 0 };
  #countedAt = -Infinity;
  #counting = false;

  /** `onCounted` hears of sizes that are new. */
  constructor(library: string, onCounted: () => void) {
    this.#library = library;
    this.#onCounted = onCounted;
  }

  /** The sizes counted last; counts again where that was long ago. */
  get sizes(): StorageSizes {
    if (!this.#counting && performance.now() - this.#countedAt > MINUTE) void this.#count();
    return this.#sizes;
  }

  async #count(): Promise<void> {
    this.#counting = true;
    const before = this.#sizes;
    const [databaseBytes, thumbnailBytes] = await Promise.all([
      bytesIn(this.#library, (name) => name.startsWith(DATABASE_NAME)),
      bytesBelow(thumbnailRoot(this.#library)),
    ]);
    this.#sizes = { databaseBytes, thumbnailBytes };
    this.#countedAt = performance.now();
    this.#counting = false;
    if (databaseBytes !== before.databaseBytes || thumbnailBytes !== before.thumbnailBytes) this.#onCounted();
  }
}

/** Bytes of the files directly in a folder; 0 where it cannot be read, or is gone meanwhile. */
async function bytesIn(folder: string, counts: (name: string) => boolean): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile() || !counts(entry.name)) continue;
    bytes += await stat(join(folder, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return bytes;
}

/** Bytes of the files one folder below: each file of the library has a folder of thumbnails. */
async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isDirectory()) bytes += await bytesIn(join(folder, entry.name), () => true);
  }
  return bytes;
}
