import type { EngineClient } from '../../../electron/engine/api/client.ts';
import type { Overview, Work } from '../../../electron/engine/api/shapes.ts';
import type { NoticeStore } from './notices.svelte.ts';

const REFRESH_MS = 700;
type WorkKind = Work['kind'];

/** The library at a glance and the long work under way. */
export class WorkStore {
  overview = $state<Overview | null>(null);
  /** Why there is no overview yet, when the first one failed. */
  problem = $state<unknown>(null);
  /** True while a folder is being chosen in the page itself, where the host has no dialog for it. */
  choosing = $state(false);
  readonly #engine: EngineClient;
  readonly #notices: NoticeStore;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Work that is running, paused or has failed, looking before describing. */
  readonly active = $derived((this.overview?.work ?? []).filter((work) => work.state !== 'idle'));
  readonly indexing = $derived(this.overview?.work.find((work) => work.kind === 'indexing') ?? null);
  readonly captioning = $derived(this.overview?.work.find((work) => work.kind === 'captioning') ?? null);
  /** True when the library has nothing in it at all: the first run. */
  readonly empty = $derived(this.overview !== null && this.overview.roots.length === 0);

  constructor(engine: EngineClient, notices: NoticeStore) {
    this.#engine = engine;
    this.#notices = notices;
    engine.on('work.progress', (progress) => {
      if (this.overview === null) return;
      const before = this.overview.work.find((work) => work.kind === progress.kind);
      const others = this.overview.work.filter((work) => work.kind !== progress.kind);
      this.overview = {
        ...this.overview,
        work: [...others, progress].sort((a, b) => b.kind.localeCompare(a.kind)),
      };
      if (before?.state !== progress.state) this.#refreshSoon();
    });
    engine.on('library.changed', () => {
      this.#refreshSoon();
    });
    engine.onConnection((state) => {
      if (state === 'connected') void this.refresh();
    });
  }

  async refresh(): Promise<void> {
    try {
      this.overview = await this.#engine.call('library.overview', {});
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  add(paths: string[]): Promise<boolean> {
    return this.#change(() => this.#engine.call('library.add', { paths }));
  }

  sample(): Promise<boolean> {
    return this.#change(() => this.#engine.call('library.sample', {}));
  }

  /** Forgets a folder; the notice offers to bring it back. */
  async remove(root: { id: number; path: string }, words: { done: string; undo: string }): Promise<void> {
    const removed = await this.#change(() => this.#engine.call('library.remove', { rootId: root.id }));
    if (!removed) return;
    this.#notices.show('info', words.done, {
      action: { label: words.undo, run: () => void this.add([root.path]) },
    });
  }

  rescan(): Promise<boolean> {
    return this.#change(() => this.#engine.call('library.rescan', {}));
  }

  retry(mediaId: number | null): Promise<boolean> {
    return this.#change(() => this.#engine.call('library.retry', { mediaId }));
  }

  refreshStale(): Promise<boolean> {
    return this.#change(() => this.#engine.call('library.refresh', {}));
  }

  describe(mediaId: number | null): Promise<boolean> {
    return this.#change(() => this.#engine.call('captions.describe', { mediaId }));
  }

  pause(kind: WorkKind): Promise<boolean> {
    return this.#change(() => this.#engine.call('work.pause', { kind }));
  }

  resume(kind: WorkKind): Promise<boolean> {
    return this.#change(() => this.#engine.call('work.resume', { kind }));
  }

  cancel(kind: WorkKind): Promise<boolean> {
    return this.#change(() => this.#engine.call('work.cancel', { kind }));
  }

  /** Runs a change, takes its overview; true when it was done. */
  async #change(run: () => Promise<Overview>): Promise<boolean> {
    try {
      this.overview = await run();
      return true;
    } catch (error) {
      this.#notices.failed(error);
      return false;
    }
  }

  #refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, REFRESH_MS);
  }
}
