import { join } from 'node:path';
import { errorOf, isCancelled, reportOf, type ErrorReport } from './errors.ts';
import { Indexer } from './library/indexer.ts';
import { outcomeOf } from './library/index-file.ts';
import { Tally, unread, type IndexSummary, type PathOutcome } from './library/outcomes.ts';
import type { IndexProgress } from './library/progress.ts';
import { reconcile, type Reconciled, type ReconcileOptions } from './library/reconcile.ts';
import { openStore, type SqliteStore } from './library/store.ts';
import { cacheFolder } from './library/location.ts';
import { sweepThumbnails } from './library/thumbnails.ts';
import type { LibraryTotals, RootRow } from './library/types.ts';
import { resolveBinaries, type FfmpegBinaries } from './media/binaries.ts';
import { chooseMode, readClips } from './media/clips.ts';
import { probe } from './media/probe.ts';
import type { ClipFrames, IndexMode, ReadClipsOptions } from './media/types.ts';
import { calibrationOf } from './models/calibration.ts';
import { openLanguageModel } from './models/language-model.ts';
import { listPacks, type ModelPack, type PackListing } from './models/pack.ts';
import type { ProbeRequest, ProbeResult } from './models/probe.ts';
import { chooseProvider } from './models/providers.ts';
import type { LanguageModel, ProviderVerdict, VisionEncoder } from './models/types.ts';
import { openVisionEncoder } from './models/vision-encoder.ts';
import { Once } from './once.ts';
import { builtInPacks, openPack } from './pack-folders.ts';
import { embedPicture } from './picture.ts';
import { Searcher } from './search/searcher.ts';
import { openVectors, type LiveVectors } from './vectors/live.ts';
import { readSettings, writeSettings, type Settings } from './settings.ts';

/** What an engine is opened with. */
export interface EngineOptions {
  /** The library folder; made where it does not exist. */
  readonly library: string;
  /** Folders that hold packs; those that come with the app where absent. */
  readonly packFolders?: readonly string[];
  /** A pack's id or its folder, instead of the one in the settings. */
  readonly pack?: string;
  /** Folder of the packaged app that holds ffmpeg and ffprobe. */
  readonly bundledPrograms?: string;
  /** Another way to run the self-test of a device, where this process cannot fork itself. */
  readonly runProbe?: (request: ProbeRequest) => Promise<ProbeResult>;
}

/** How files that a person names are indexed. */
export interface IndexOptions {
  /** The library's setting where absent; `thorough` also looks again at what was indexed in `fast` mode. */
  readonly mode?: IndexMode;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IndexProgress) => void;
  /** Once for each file below the paths, and for each path or folder that could not be read. */
  readonly onFile?: (outcome: PathOutcome) => void;
}

/** What runs the vision encoder, and what else was tried. */
export type Device = Pick<ProviderVerdict, 'provider' | 'refused'>;

/** The library at a glance. */
export interface Status {
  readonly library: string;
  readonly pack: { readonly id: string; readonly revision: string } | null;
  readonly packError: ErrorReport | null;
  readonly roots: readonly RootRow[];
  readonly totals: LibraryTotals;
  readonly failures: readonly { readonly path: string; readonly error: ErrorReport | null }[];
}

/**
 * One open library with everything that works on it: what the command line, the HTTP host and Electron's engine process
 * hold. Opening is instant; programs are looked for, packs opened and inference threads started by the first call that
 * needs them. Inference never runs on this thread, so that a search is answered while indexing goes on.
 */
export class Engine {
  readonly store: SqliteStore;
  readonly #options: EngineOptions;
  readonly #pack: Once<ModelPack>;
  readonly #binaries: Once<FfmpegBinaries>;
  readonly #device: Once<Device>;
  readonly #encoder: Once<VisionEncoder>;
  readonly #language: Once<LanguageModel>;
  readonly #indexer: Once<Indexer>;
  readonly #vectors: Once<LiveVectors>;
  readonly #searcher: Once<Searcher>;

  private constructor(store: SqliteStore, options: EngineOptions) {
    this.store = store;
    this.#options = options;
    this.#pack = new Once(() => openPack(this.packChoice(), this.packFolders(), this.#verdicts()));
    this.#binaries = new Once(() => this.findBinaries(false));
    this.#device = new Once(() => this.#chooseDevice());
    this.#encoder = new Once(async () => {
      const { provider } = await this.device();
      return openVisionEncoder(await this.pack(), { provider });
    });
    this.#language = new Once(async () => openLanguageModel(await this.pack()));
    this.#indexer = new Once(() => this.#makeIndexer());
    this.#vectors = new Once(() => this.#openVectors());
    this.#searcher = new Once(async () => {
      const [language, vectors] = await Promise.all([this.language(), this.#vectors.get()]);
      const { captions, search } = calibrationOf(language.pack);
      const scale = language.pack.similarityScale;
      const rereading = search && { reader: language, scale, calibration: search };
      return new Searcher({
        store,
        language,
        vectors,
        sameMeaning: captions.sameMeaning,
        ...(rereading && { rereading }),
      });
    });
  }

  /** @throws TubeletError `library-busy`, `library-newer`, `library-damaged`, `unreadable`. */
  static open(options: EngineOptions): Engine {
    return new Engine(openStore(options.library), options);
  }

  /** The pack in use, its files checked. */
  pack(): Promise<ModelPack> {
    return this.#pack.get();
  }

  binaries(): Promise<FfmpegBinaries> {
    return this.#binaries.get();
  }

  /** Looks for the programs; `again` starts each to see that it runs, whatever is remembered of it. */
  async findBinaries(again: boolean): Promise<FfmpegBinaries> {
    const { ffmpegPath, ffprobePath } = this.settings();
    return resolveBinaries({
      setting: {
        ...(ffmpegPath === null ? {} : { ffmpeg: ffmpegPath }),
        ...(ffprobePath === null ? {} : { ffprobe: ffprobePath }),
      },
      ...(this.#options.bundledPrograms === undefined ? {} : { bundled: this.#options.bundledPrograms }),
      verdicts: join(cacheFolder(), 'programs.json'),
      again,
    });
  }

  /** What runs the vision encoder: the graphics processor where it proved itself, with the reasons where it did not. */
  device(): Promise<Device> {
    return this.#device.get();
  }

  /** The vision side; its thread starts with the first call. */
  encoder(): Promise<VisionEncoder> {
    return this.#encoder.get();
  }

  /** The language side; its thread starts with the first call. */
  language(): Promise<LanguageModel> {
    return this.#language.get();
  }

  /** Answers queries; the language thread starts with the first call. */
  searcher(): Promise<Searcher> {
    return this.#searcher.get();
  }

  /** Works off the queue; see `index` for files that a person names. */
  indexer(): Promise<Indexer> {
    return this.#indexer.get();
  }

  packFolders(): readonly string[] {
    return this.#options.packFolders ?? [builtInPacks()];
  }

  settings(): Settings {
    return readSettings(this.store);
  }

  /** Changes settings. Another pack or program is in use from the next call on; what runs is not disturbed. */
  async changeSettings(change: Partial<Settings>): Promise<Settings> {
    const before = this.settings();
    const after = writeSettings(this.store, change);
    if (after.pack !== before.pack) await this.#giveUpPack();
    if (after.ffmpegPath !== before.ffmpegPath || after.ffprobePath !== before.ffprobePath)
      this.#binaries.forget();
    return after;
  }

  /**
   * Makes the library agree with what lies at a path and queues what has work before it.
   *
   * @throws TubeletError `not-found` or `unreadable` for the path itself.
   */
  async look(path: string, options: Partial<ReconcileOptions> = {}): Promise<Reconciled> {
    const { facts } = await this.pack();
    const seen = await reconcile(this.store, path, {
      mode: this.settings().mode,
      retry: false,
      deepen: false,
      packRevision: facts.revision,
      priority: 0,
      ...options,
    });
    if (seen.changed.length > 0) await sweepThumbnails(this.store);
    return seen;
  }

  /**
   * Indexes the files that lie at or below the paths: new and changed ones, failed and stale ones again. One bad file
   * never stops the others.
   *
   * @throws TubeletError `cancelled` (everything indexed so far is kept), `disk-full`, `ffmpeg-missing`, `pack-…`.
   */
  async index(paths: readonly string[], options: IndexOptions = {}): Promise<IndexSummary> {
    const { mode, signal, onFile } = options;
    const started = performance.now();
    const tally = new Tally();
    const tell = (outcome: PathOutcome): void => {
      tally.add(outcome);
      onFile?.(outcome);
    };
    // They are looked for while the folders are.
    const programs = this.binaries();
    const looking: Partial<ReconcileOptions> = {
      retry: true,
      deepen: mode === 'thorough',
      // What was asked for last comes first, and before what an interrupted run left behind.
      priority: this.store.topPriority() + 1,
      ...(mode === undefined ? {} : { mode }),
      ...(signal === undefined ? {} : { signal }),
    };
    const present = new Set<number>();
    for (const path of paths) {
      try {
        const looked = this.look(path, looking);
        // It takes as long to open as the programs to be found; should that fail, the first file says so.
        const encoder = looked.then((seen) => (seen.changed.length > 0 ? this.encoder() : null));
        encoder.catch(() => undefined);
        const [seen] = await Promise.all([looked, programs]);
        for (const id of seen.present) present.add(id);
        for (const problem of seen.problems) tell(unread(problem.path, problem));
      } catch (error) {
        if (isCancelled(error) || signal?.aborted === true) throw errorOf(error);
        const report = reportOf(error, path);
        if (report.code !== 'not-found' && report.code !== 'unreadable') throw error;
        tell(unread(report.path ?? path, report));
      }
    }
    const due = new Set(this.store.queued().filter((id) => present.has(id)));
    for (const id of present) if (!due.has(id)) tell(outcomeOf(this.store, id, null));
    if (due.size > 0) {
      const indexer = await this.indexer();
      await indexer.run({
        only: due,
        onFile: tell,
        ...(signal === undefined ? {} : { signal }),
        ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      });
    }
    return { ...tally.total(), elapsed: (performance.now() - started) / 1000 };
  }

  /**
   * What the model sees in a picture outside the library: the embedding to search by.
   *
   * @throws TubeletError where the file is no picture that can be read.
   */
  async embedPicture(path: string, signal?: AbortSignal): Promise<Float32Array> {
    return embedPicture(path, await this.binaries(), await this.encoder(), signal);
  }

  /** Forgets a root with everything found in it; the files themselves are never touched. */
  async removeRoot(id: number): Promise<void> {
    this.store.removeRoot(id);
    await sweepThumbnails(this.store);
  }

  async status(): Promise<Status> {
    let pack: Status['pack'] = null;
    let packError: ErrorReport | null = null;
    try {
      const { facts } = await this.pack();
      pack = { id: facts.id, revision: facts.revision };
    } catch (error) {
      packError = reportOf(error);
    }
    return {
      library: this.store.directory,
      pack,
      packError,
      roots: this.store.roots(),
      totals: this.store.totals(pack?.revision ?? ''),
      failures: this.store.allMedia({ states: ['failed'] }).map(({ path, error }) => ({ path, error })),
    };
  }

  /** Every pack that is installed, the one in use and those refused among them. */
  models(): Promise<PackListing[]> {
    return listPacks(this.packFolders(), { verdicts: this.#verdicts() });
  }

  /** Ends the inference threads and lets the library go. Running work must have been cancelled before. */
  async close(): Promise<void> {
    // Whoever still asks for a thread now would get one that nobody ends, and it would keep the process alive.
    const threads = [this.#vectors, this.#encoder, this.#language];
    for (const one of [...threads, this.#pack, this.#device, this.#searcher, this.#indexer]) one.end();
    await this.#giveUpPack();
    this.store.close();
  }

  /** The id or folder of the pack in use. */
  packChoice(): string {
    return this.#options.pack ?? this.settings().pack;
  }

  #verdicts(): string {
    return join(cacheFolder(), 'packs.json');
  }

  async #chooseDevice(): Promise<Device> {
    const pack = await this.pack();
    const { runProbe } = this.#options;
    try {
      return await chooseProvider(pack, {
        verdicts: join(cacheFolder(), 'devices.json'),
        ...(runProbe && { probe: (provider) => runProbe({ pack, session: { provider } }) }),
      });
    } catch (error) {
      // No test could be run, so nothing but the processor is to be trusted.
      return { provider: 'cpu', refused: [{ provider: 'graphics', reason: reportOf(error).message }] };
    }
  }

  async #makeIndexer(): Promise<Indexer> {
    const { facts } = await this.pack();
    return new Indexer({
      store: this.store,
      pack: facts,
      encoder: () => this.encoder(),
      reader: {
        probe: async (path, signal) => probe(path, await this.binaries(), signal),
        readClips: (options) => this.#readClips(options),
        chooseMode,
      },
    });
  }

  async *#readClips(options: ReadClipsOptions): AsyncGenerator<ClipFrames> {
    yield* readClips({ ...options, binaries: await this.binaries() });
  }

  async #openVectors(): Promise<LiveVectors> {
    const { facts } = await this.pack();
    return openVectors({
      source: this.store,
      packRevision: facts.revision,
      dimension: facts.embedding,
      directory: join(this.store.directory, 'vectors'),
    });
  }

  async #giveUpPack(): Promise<void> {
    this.#searcher.forget();
    this.#indexer.forget();
    this.#device.forget();
    this.#pack.forget();
    for (const worker of [this.#vectors, this.#encoder, this.#language]) {
      const open = worker.current;
      worker.forget();
      // One that failed to open has said so to whoever asked for it, and left nothing to close.
      await open?.then(
        (opened) => opened.close(),
        () => undefined,
      );
    }
  }
}
