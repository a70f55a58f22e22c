import { watch, type FSWatcher } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** A watch over a folder and everything below it. */
export interface TreeWatch {
  /** Resolves when every folder is watched, also where that failed or was ended meanwhile. */
  readonly ready: Promise<void>;
  close(): void;
}

/** Whom a watch tells. */
export interface TreeListeners {
  /** Something was made, changed or removed, or may have been. */
  readonly onChange: () => void;
  /** The tree cannot be watched, or no longer; the watch has been closed. */
  readonly onError: (error: unknown) => void;
}

/**
 * Watches a folder that is there, in the way that the system does it best. Linux knows watches of single folders only,
 * and Node.js would set them all up before it returns, seconds for a large tree: there it is done folder by folder.
 */
export function watchTree(path: string, listeners: TreeListeners): TreeWatch {
  return process.platform === 'linux' ? new FolderWatches(path, listeners) : watchWhole(path, listeners);
}

function watchWhole(path: string, { onChange, onError }: TreeListeners): TreeWatch {
  const watcher = watch(path, { recursive: true, persistent: false }, onChange);
  watcher.on('error', (error) => {
    watcher.close();
    onError(error);
  });
  return {
    ready: Promise.resolve(),
    close: () => {
      watcher.close();
    },
  };
}

/** One watch a folder; hidden folders are left out, as they are when files are looked for. */
class FolderWatches implements TreeWatch {
  readonly ready: Promise<void>;
  readonly #listeners: TreeListeners;
  readonly #watchers = new Map<string, FSWatcher>();
  #closed = false;

  constructor(path: string, listeners: TreeListeners) {
    this.#listeners = listeners;
    this.#watch(path);
    this.ready = this.#watchBelow(path);
  }

  close(): void {
    this.#closed = true;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    if (this.#closed || this.#watchers.has(folder)) return;
    const watcher = watch(folder, { persistent: false }, (event, name) => {
      this.#listeners.onChange();
      if (event === 'rename' && name !== null) void this.#met(join(folder, name));
    });
    watcher.on('error', (error) => {
      this.#giveUp(error);
    });
    this.#watchers.set(folder, watcher);
  }

  /** Watches what lies below a folder that is watched itself. */
  async #watchBelow(folder: string): Promise<void> {
    // A folder that cannot be read is told of when files are looked for.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (this.#closed) return;
      if (entry.isDirectory() && !entry.name.startsWith('.')) await this.#add(join(folder, entry.name));
    }
  }

  async #add(folder: string): Promise<void> {
    try {
      this.#watch(folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Gone again, or not to be read; but a system that has no watches left says so for each that follows.
      if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'EPERM') this.#giveUp(error);
      return;
    }
    await this.#watchBelow(folder);
  }

  /** Something came or went under this name. */
  async #met(path: string): Promise<void> {
    this.#drop(path);
    const facts = await lstat(path).catch(() => null);
    if (facts?.isDirectory() !== true || path.slice(path.lastIndexOf(sep) + 1).startsWith('.')) return;
    await this.#add(path);
    // Files that came before the folder was watched.
    if (!this.#closed) this.#listeners.onChange();
  }

  #drop(path: string): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folder !== path && !folder.startsWith(path + sep)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
  }

  #giveUp(error: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#listeners.onError(error);
  }
}
