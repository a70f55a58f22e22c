import { TubeletError } from '../errors.ts';
import type { RereadingCalibration } from '../models/calibration.ts';
import type { LiveVectors } from '../vectors/live.ts';
import { Background, everydayEmbeddings, type TextEmbedder } from './background.ts';
import { LIKELY, matchWord } from './calibration.ts';
import { Catalogue, type SearchStore } from './catalogue.ts';
import { Evidence } from './evidence.ts';
import type { Fused } from './fusion.ts';
import { Inquiry } from './inquiry.ts';
import { laneOf } from './lanes.ts';
import { OwnWords } from './own-words.ts';
import { parseQuery, type Filters, type Query } from './query.ts';
import { clipsToRead, readingOf, type CaptionReader, type Reading } from './rereading.ts';
import type { Lane, Moment, SearchReply } from './types.ts';

const DEFAULT_LIMIT = 20;
/** Queries whose texts are embedded at once. */
const BATCH = 64;

export interface SearcherOptions {
  readonly store: SearchStore;
  readonly language: TextEmbedder;
  readonly vectors: LiveVectors;
  /** The cosine from which two texts say the same; without it what people wrote is found by its words alone. */
  readonly sameMeaning?: number;
  /** Reads queries over the best clips; without it the index has the last word. */
  readonly rereading?: Rereading;
  /** Milliseconds, ever rising; the process's clock unless told. */
  readonly clock?: () => number;
}

/** What the second look of a search needs: the decoder, and what was measured of it. */
export interface Rereading {
  readonly reader: CaptionReader;
  /** The pack's similarity scale. */
  readonly scale: number;
  readonly calibration: RereadingCalibration;
}

export interface SearchOptions {
  /** Most moments in the reply: 20 unless told. */
  readonly limit?: number;
  /** True to answer from the index alone, at once, where the decoder could look again: for queries still being typed. */
  readonly quick?: boolean;
  /** Filters besides those in the query. */
  readonly filters?: Filters;
  readonly signal?: AbortSignal;
}

/** A picture to search by: its embedding, or the clip of a file that holds a time. */
export type PictureTarget =
  { readonly embedding: Float32Array } | { readonly mediaId: number; readonly at: number };

/** Answers searches over a library: words, pictures and moments in; moments with calibrated strengths out. */
export class Searcher {
  readonly #store: SearchStore;
  readonly #language: TextEmbedder;
  readonly #vectors: LiveVectors;
  readonly #rereading: Rereading | undefined;
  readonly #clock: () => number;
  readonly #ownWords: OwnWords;
  #phrases: Promise<Float32Array[]> | null = null;
  #background: Background | null = null;

  constructor({
    store,
    language,
    vectors,
    sameMeaning = 1,
    rereading,
    clock = () => performance.now(),
  }: SearcherOptions) {
    this.#store = store;
    this.#language = language;
    this.#vectors = vectors;
    this.#rereading = rereading;
    this.#clock = clock;
    this.#ownWords = new OwnWords(store, language, vectors.packRevision, sameMeaning);
  }

  /** Reads what every search needs, so that the first one is as quick as the next. */
  async warmUp(): Promise<void> {
    await this.#prepare();
  }

  /** The moments that answer a query in the query language, best first. */
  async moments(query: string, options: SearchOptions = {}): Promise<SearchReply> {
    for await (const reply of this.momentsOfMany([query], options)) return reply;
    throw new TubeletError('internal', 'A search gave no reply.');
  }

  /** The replies to many queries, in their order; their texts are embedded in batches. */
  async *momentsOfMany(queries: readonly string[], options: SearchOptions = {}): AsyncGenerator<SearchReply> {
    const { limit = DEFAULT_LIMIT, filters, signal, quick = false } = options;
    for (let first = 0; first < queries.length; first += BATCH) {
      signal?.throwIfAborted();
      const begun = this.#clock();
      const batch = queries.slice(first, first + BATCH).map(parseQuery);
      const [embeddings, background] = await Promise.all([this.#embed(batch), this.#prepare()]);
      const share = (this.#clock() - begun) / batch.length;
      for (const query of batch) {
        signal?.throwIfAborted();
        const from = this.#clock();
        const catalogue = new Catalogue(this.#store, this.#vectors, { ...query.filters, ...filters });
        const inquiry = this.#inquiry(background, catalogue, embeddings);
        const reading = quick ? undefined : await this.#read(inquiry, query, limit);
        const moments = shown(inquiry.answer(query, limit, reading), catalogue);
        const { source, chips, notes } = query;
        const milliseconds = share + this.#clock() - from;
        yield {
          query: source,
          found: isFound(moments),
          moments,
          clips: catalogue.clipCount,
          milliseconds,
          chips,
          notes,
        };
      }
    }
  }

  /**
   * The moments that look like a picture. The clip that was given does not answer itself.
   *
   * @throws TubeletError `not-found` where the file has no clips under the pack in use.
   */
  async similarTo(target: PictureTarget, options: SearchOptions = {}): Promise<SearchReply> {
    const { limit = DEFAULT_LIMIT, filters = {}, signal } = options;
    const begun = this.#clock();
    const background = await this.#prepare();
    signal?.throwIfAborted();
    const own = 'mediaId' in target ? this.#clipAt(target.mediaId, target.at) : undefined;
    const picture = 'embedding' in target ? target.embedding : this.#vectors.vector(own ?? 0);
    if (picture === undefined) throw notIndexed();
    const catalogue = new Catalogue(this.#store, this.#vectors, filters);
    const evidence = new Evidence(this.#vectors, background.aimAtPicture(picture));
    const moments = shown(this.#inquiry(background, catalogue).alike(evidence, limit, own), catalogue);
    const milliseconds = this.#clock() - begun;
    const clips = catalogue.clipCount;
    return { query: '', found: isFound(moments), moments, clips, milliseconds, chips: [], notes: [] };
  }

  /**
   * The exact strength of every clip of a file for a query. Of a sequence, each clip shows its best stage.
   *
   * @throws TubeletError `not-found` where the file is not in the library.
   */
  async lane(mediaId: number, query: string): Promise<Lane> {
    if (this.#store.media(mediaId) === undefined) throw notIndexed();
    const parsed = parseQuery(query);
    const [embeddings, background] = await Promise.all([this.#embed([parsed]), this.#prepare()]);
    const catalogue = new Catalogue(this.#store, this.#vectors, {});
    return laneOf(mediaId, query, this.#inquiry(background, catalogue, embeddings).lane(parsed, mediaId));
  }

  /** The second look at the best clips of a query, where the model can take one. */
  async #read(inquiry: Inquiry, query: Query, limit: number): Promise<Reading | undefined> {
    if (this.#rereading === undefined) return undefined;
    const { reader, scale, calibration } = this.#rereading;
    const unread = inquiry.unread(query, limit);
    if (unread === null || unread.candidates.length < 2) return undefined;
    const tokens = clipsToRead(unread).map((id) => this.#store.tokens(id));
    return readingOf(unread, await reader.scoreCaption(unread.text, tokens), scale, calibration);
  }

  #inquiry(
    background: Background,
    catalogue: Catalogue,
    embeddings: ReadonlyMap<string, Float32Array> = new Map(),
  ): Inquiry {
    const [store, vectors, ownWords] = [this.#store, this.#vectors, this.#ownWords];
    return new Inquiry({ store, vectors, background, catalogue, embeddings, ownWords });
  }

  #clipAt(mediaId: number, at: number): number {
    const clip = this.#store.clipAt(mediaId, at, this.#vectors.packRevision);
    if (clip === undefined) throw notIndexed();
    return clip.id;
  }

  async #embed(queries: readonly Query[]): Promise<Map<string, Float32Array>> {
    const texts = [...new Set(queries.flatMap(textsOf))];
    const embeddings = texts.length === 0 ? [] : await this.#language.embedTexts(texts);
    return new Map(texts.map((text, i) => [text, embeddings[i] ?? new Float32Array()]));
  }

  /** Brings the vectors in step with the store, and what chance scores on them. */
  async #prepare(): Promise<Background> {
    const { packRevision, dimension } = this.#vectors;
    this.#phrases ??= everydayEmbeddings(this.#store, this.#language, packRevision, dimension).catch(
      (error: unknown) => {
        this.#phrases = null;
        throw error;
      },
    );
    const phrases = await this.#phrases;
    await Promise.all([this.#vectors.refresh(), this.#ownWords.refresh()]);
    if (this.#background?.represents() !== true) this.#background = new Background(this.#vectors, phrases);
    return this.#background;
  }
}

/** Stretches with their files, as the app shows them. */
function shown(stretches: readonly Fused[], catalogue: Catalogue): Moment[] {
  return stretches.flatMap(({ mediaId, start, end, peak, clipId, strength, words }) => {
    const media = catalogue.media(mediaId);
    if (media === undefined) return [];
    const { path, kind } = media;
    const moment = {
      mediaId,
      path,
      kind,
      start,
      end,
      peak,
      score: strength,
      match: matchWord(strength),
      clipId,
    };
    return [words === undefined ? moment : { ...moment, words }];
  });
}

function isFound(moments: readonly Moment[]): boolean {
  return moments.some(({ score }) => score >= LIKELY);
}

/** The texts of a query that are compared with pictures. */
function textsOf({ stages, plain }: Query): string[] {
  return [...stages.flatMap(({ text, without }) => [text, ...without]), plain].filter((text) => text !== '');
}

function notIndexed(): TubeletError {
  return new TubeletError('not-found', 'That file has not been indexed with the model in use.', {
    hint: 'Index it, then try again.',
  });
}
