import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventOf, RequestOf } from '../../engine/api/channels.ts';
import type { CaptionTrack, Overview, Settings, Work } from '../../engine/api/shapes.ts';
import type { Engine } from '../../engine/engine.ts';
import { reportOf, type ErrorReport } from '../../engine/errors.ts';
import { RootWatch } from '../../engine/library/watch.ts';
import type { EventHub } from '../contract/events.ts';
import type { Log } from '../contract/log.ts';
import { drawSampleLibrary } from '../sample/library.ts';
import { CaptionDesk } from './captions.ts';
import { Describing } from './describing.ts';
import { Indexing } from './indexing.ts';
import { Listing } from './listing.ts';
import { Looking } from './looking.ts';
import { Storage } from './storage.ts';

/** Milliseconds from the start until folders are watched and looked through, at the earliest. */
const SETTLING = 2500;

/**
 * An open library as the app lives with it: long work in the background, folders watched, lists kept in memory, and
 * events for every page. The channels' handlers are thin over it.
 */
export class Session {
  readonly engine: Engine;
  readonly listing: Listing;
  readonly captions: CaptionDesk;
  readonly indexing: Indexing;
  readonly describing: Describing;
  readonly #events: EventHub;
  readonly #log: Log;
  readonly #looking: Looking;
  readonly #watch: RootWatch;
  readonly #storage: Storage;
  readonly #stop = new AbortController();
  #tellShown: () => void = () => undefined;
  readonly #shown = new Promise<void>((resolve) => (this.#tellShown = resolve));
  /** What the store had written when the lists were last told to be read anew. */
  #toldWrites = -1;
  #packRevision = '';

  constructor(engine: Engine, events: EventHub, log: Log) {
    const { store } = engine;
    const language = () => engine.language();
    this.engine = engine;
    this.#events = events;
    this.#log = log;
    this.listing = new Listing(store, () => this.#packRevision);
    this.captions = new CaptionDesk({ store, language });
    const onWork = (work: Work): void => {
      events.emit({ event: 'work.progress', payload: work });
    };
    this.indexing = new Indexing({
      indexer: () => engine.indexer(),
      queued: () => store.queuedCount(),
      dequeueAll: () => {
        for (const id of store.queued()) store.dequeue(id);
      },
      listeners: {
        onWork,
        onMedia: (mediaId) => {
          this.#changed([mediaId]);
        },
        onFile: ({ note, path }) => {
          if (note !== undefined) this.#notice('info', `${basename(path)}: ${note}`);
        },
      },
    });
    this.describing = new Describing({
      store,
      language,
      onWork,
      onCaptions: (mediaId) => {
        events.emit({ event: 'captions.changed', payload: { mediaId } });
      },
      onFailures: (failed) => {
        for (const { error, path } of failed) this.#problem({ ...error, path });
      },
    });
    this.#storage = new Storage(store.directory, () => {
      if (!this.#stop.signal.aborted) this.#changed([]);
    });
    this.#looking = new Looking({
      look: (path, options) => engine.look(path, options),
      onSeen: (mediaIds) => {
        // Folders in which nothing happened are looked through without a write: then there is nothing to tell.
        const writes = store.writes();
        if (writes !== this.#toldWrites) {
          this.#toldWrites = writes;
          this.listing.touch(null);
          this.#changed(mediaIds);
        }
        this.indexing.start();
      },
      onProblem: (problem) => {
        this.#problem(problem);
      },
    });
    this.#watch = new RootWatch({
      onChange: (root) => this.#lookAgain(root),
      onUnwatchable: (root, reason) => {
        log({ level: 'info', what: 'a folder is looked through now and then', detail: `${root}: ${reason}` });
      },
    });
  }

  /** The revision of the pack in use; '' while there is none that works. */
  get packRevision(): string {
    return this.#packRevision;
  }

  /** Ends with the session: for long calls. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /**
   * Goes on where the last session ended. Once the page has had time to come up, the search is made ready for the first
   * question, and then it is looked what happened to the folders since.
   */
  async begin(): Promise<void> {
    await this.#learnPack();
    this.indexing.start();
    this.#toldWrites = this.engine.store.writes();
    void this.#settleDown();
  }

  async #settleDown(): Promise<void> {
    const ended = (): boolean => this.#stop.signal.aborted;
    const settled = sleep(SETTLING, undefined, { ref: false });
    await Promise.race([this.#shown, settled]);
    if (ended()) return;
    await Promise.all([this.#warmUp(), settled]);
    if (ended()) return;
    // Watched first: what changes while a folder is looked through is then heard of.
    await this.#followRoots();
    if (ended()) return;
    for (const root of this.engine.store.roots()) void this.#lookAgain(root.path);
  }

  /** A page has come up: what every search needs may be read now without delaying it. */
  pageShown(): void {
    this.#tellShown();
  }

  /** Nobody has asked yet: what fails here is told to whoever does. */
  async #warmUp(): Promise<void> {
    if (this.engine.store.clipCount(this.#packRevision) === 0) return;
    try {
      await (await this.engine.searcher()).warmUp();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#log({ level: 'failed', what: 'making the search ready', detail: reportOf(error).message });
    }
  }

  /** Ends background work at a point from which it can go on, and lets the library go. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#watch.close();
    await Promise.all([this.#looking.close(), this.indexing.stop(), this.describing.cancel()]);
    await this.engine.close();
  }

  overview(): Overview {
    const { store } = this.engine;
    const counts = store.countByRoot();
    return {
      roots: store.roots().map(({ id, path }) => ({ id, path, media: counts.get(id) ?? 0 })),
      totals: {
        ...store.counts(this.#packRevision),
        ...this.#storage.sizes,
      },
      work: [this.indexing.work, this.describing.work],
    };
  }

  /** Adds folders or files and looks at what is in them, newest wish first. */
  async add(paths: readonly string[]): Promise<Overview> {
    const priority = this.engine.store.topPriority() + 1;
    for (const path of paths) await this.#looking.look(path, { retry: true, priority });
    void this.#followRoots();
    return this.overview();
  }

  async remove(rootId: number): Promise<Overview> {
    await this.engine.removeRoot(rootId);
    void this.#followRoots();
    this.listing.touch(null);
    this.#changed([]);
    return this.overview();
  }

  async rescan(): Promise<Overview> {
    for (const root of this.engine.store.roots()) await this.#lookAgain(root.path);
    return this.overview();
  }

  /** Queues failed files again: one, or all. */
  retry(mediaId: number | null): Overview {
    const { store } = this.engine;
    const failed = store.allMedia({ states: ['failed'] }).map(({ id }) => id);
    this.#enqueue(mediaId === null ? failed : failed.filter((id) => id === mediaId));
    return this.overview();
  }

  /** Queues everything that another model saw. */
  refresh(): Overview {
    const stale = this.engine.store
      .allMedia({ states: ['indexed'] })
      .filter(({ packRevision }) => packRevision !== this.#packRevision);
    this.#enqueue(stale.map(({ id }) => id));
    return this.overview();
  }

  /** Draws the sample videos beside the library and adds them; the first is looked at while the next is drawn. */
  async addSample(): Promise<Overview> {
    const { engine } = this;
    const folder = `${engine.store.directory}-sample`;
    const binaries = await engine.binaries();
    await drawSampleLibrary(folder, binaries, this.signal, () => this.add([folder]));
    return await this.add([folder]);
  }

  /** Resumes; files that a cancel left behind are queued again. */
  resume(kind: Work['kind']): Overview {
    if (kind === 'captioning') this.describing.resume();
    else {
      const { store } = this.engine;
      if (store.queuedCount() === 0) {
        for (const { id } of store.allMedia({ states: ['waiting', 'indexing'] })) store.enqueue(id, 0);
      }
      this.indexing.resume();
    }
    return this.overview();
  }

  pause(kind: Work['kind']): Overview {
    (kind === 'captioning' ? this.describing : this.indexing).pause();
    return this.overview();
  }

  async cancel(kind: Work['kind']): Promise<Overview> {
    await (kind === 'captioning' ? this.describing : this.indexing).cancel();
    return this.overview();
  }

  async changeSettings(change: RequestOf<'settings.set'>): Promise<Settings> {
    const before = this.engine.settings();
    const known = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const otherPack = change.pack !== undefined && change.pack !== before.pack;
    if (otherPack) await Promise.all([this.indexing.stop(), this.describing.cancel()]);
    const after = await this.engine.changeSettings(known);
    if (otherPack) {
      await this.#learnPack();
      this.listing.touch(null);
      this.#changed([]);
      this.indexing.start();
    }
    void this.#followRoots();
    return after;
  }

  /** Edits captions; other pages are told. */
  async editCaptions(request: RequestOf<'captions.edit'>): Promise<CaptionTrack> {
    const track = await this.captions.edit(request);
    this.#events.emit({ event: 'captions.changed', payload: { mediaId: request.mediaId } });
    return track;
  }

  /** Takes a subtitle file's text; other pages are told. */
  async importCaptions(request: RequestOf<'captions.import'>): Promise<CaptionTrack> {
    const track = await this.captions.import(request);
    this.#events.emit({ event: 'captions.changed', payload: { mediaId: request.mediaId } });
    return track;
  }

  /** Folder of the pack in use; null while there is none that works. */
  async packDirectory(): Promise<string | null> {
    return this.#packRevision === '' ? null : (await this.engine.pack()).directory;
  }

  async #lookAgain(root: string): Promise<void> {
    try {
      await this.#looking.look(root);
    } catch (error) {
      this.#problem(reportOf(error, root));
    }
  }

  #enqueue(mediaIds: readonly number[]): void {
    const { store } = this.engine;
    const priority = store.topPriority() + 1;
    for (const id of mediaIds) store.enqueue(id, priority);
    this.listing.touch(mediaIds);
    this.#changed(mediaIds);
    this.indexing.start();
  }

  async #followRoots(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const watched = this.engine.settings().watch;
    await this.#watch.follow(watched ? this.engine.store.roots().map(({ path }) => path) : []);
  }

  /** Without a pack the library can still be looked at; health says what is wrong. */
  async #learnPack(): Promise<void> {
    try {
      this.#packRevision = (await this.engine.pack()).facts.revision;
    } catch (error) {
      this.#packRevision = '';
      this.#problem(reportOf(error));
    }
  }

  #changed(mediaIds: readonly number[]): void {
    this.listing.touch(mediaIds);
    const clips = this.engine.store.clipCount(this.#packRevision);
    this.#events.emit({ event: 'library.changed', payload: { mediaIds: [...mediaIds], clips } });
  }

  #problem({ message, path, hint }: ErrorReport): void {
    this.#notice('attention', path === undefined ? message : `${basename(path)}: ${message}`, hint);
  }

  #notice(level: EventOf<'notice'>['level'], message: string, hint: string | null = null): void {
    this.#log({ level: level === 'info' ? 'info' : 'failed', what: 'notice', detail: message });
    this.#events.emit({ event: 'notice', payload: { level, message, hint } });
  }
}
