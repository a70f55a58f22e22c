import { statSync } from 'node:fs';
import { watchTree, type TreeWatch } from './tree-watch.ts';

/** What a watch needs to know. Times in milliseconds. */
export interface WatchOptions {
  /** Called with a root in which something changed, or whose turn it is. Never while its last call still runs. */
  readonly onChange: (root: string) => Promise<void>;
  /** A root that the system cannot watch (a network drive, too many folders): it is rescanned from time to time. */
  readonly onUnwatchable: (root: string, reason: string) => void;
  /** How long a root must be quiet before it is looked at: a file that is being copied keeps changing. */
  readonly quiet?: number;
  /** How often every root is looked at even if nothing was heard: the net below lost events. */
  readonly interval?: number;
}

const QUIET = 3000;
const INTERVAL = 15 * 60 * 1000;

/** Watches roots for changes. Events only say that a root has to be looked at; the scan finds out what happened. */
export class RootWatch {
  readonly #options: WatchOptions;
  readonly #roots = new Map<string, WatchedRoot>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Watches exactly these roots from now on. Resolves when every folder in them is watched. */
  async follow(roots: readonly string[]): Promise<void> {
    for (const [path, root] of this.#roots) {
      if (roots.includes(path)) continue;
      root.close();
      this.#roots.delete(path);
    }
    for (const path of roots) {
      if (!this.#roots.has(path)) this.#roots.set(path, new WatchedRoot(path, this.#options));
    }
    await Promise.all([...this.#roots.values()].map((root) => root.ready));
  }

  close(): void {
    void this.follow([]);
  }
}

class WatchedRoot {
  readonly #path: string;
  readonly #options: WatchOptions;
  readonly #interval: NodeJS.Timeout;
  #watcher: TreeWatch | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #unwatchable = false;
  #running = false;
  #again = false;
  #closed = false;

  constructor(path: string, options: WatchOptions) {
    this.#path = path;
    this.#options = options;
    this.#interval = setInterval(() => {
      void this.#look();
    }, options.interval ?? INTERVAL);
    this.#interval.unref();
    this.#listen();
  }

  /** Resolves when everything in it is watched, or cannot be. */
  get ready(): Promise<void> {
    return this.#watcher?.ready ?? Promise.resolve();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#interval);
    clearTimeout(this.#quiet);
    this.#watcher?.close();
  }

  #listen(): void {
    const giveUp = (error: unknown): void => {
      this.#watcher?.close();
      this.#watcher = undefined;
      if (this.#unwatchable) return;
      this.#unwatchable = true;
      this.#options.onUnwatchable(this.#path, error instanceof Error ? error.message : String(error));
    };
    try {
      // A recursive watch of nothing is silent on some systems.
      statSync(this.#path);
      this.#watcher = watchTree(this.#path, {
        onChange: () => {
          clearTimeout(this.#quiet);
          if (this.#closed) return;
          this.#quiet = setTimeout(() => void this.#look(), this.#options.quiet ?? QUIET);
          this.#quiet.unref();
        },
        onError: giveUp,
      });
    } catch (error) {
      giveUp(error);
    }
  }

  async #look(): Promise<void> {
    this.#again = this.#running;
    if (this.#running || this.#closed) return;
    this.#running = true;
    // A drive may have come back.
    if (this.#watcher === undefined) this.#listen();
    try {
      await this.#options.onChange(this.#path);
    } finally {
      this.#running = false;
    }
    if (this.#again) await this.#look();
  }
}
