import { TubeletError } from '../errors.ts';
import type { LiveVectors } from '../vectors/live.ts';
import { Background, everydayEmbeddings, type Aim, type TextEmbedder } from './background.ts';
import { matchWord, LIKELY, type Strengths } from './calibration.ts';
import { Catalogue, type SearchStore } from './catalogue.ts';
import { Evidence, strengthsOf } from './evidence.ts';
import { takenAt } from './filters.ts';
import { fuse, type Fused } from './fusion.ts';
import { laneOf, type LaneClip } from './lanes.ts';
import { mergeMoments, middle, type Stretch } from './moments.ts';
import { parseQuery, type Filters, type Query, type Stage } from './query.ts';
import { bestChains, byStrength, type StageScore } from './sequences.ts';
import type { Lane, Moment, SearchReply } from './types.ts';
import { spokenPhrases, writtenByPeople, type Spoken } from './words.ts';

const DEFAULT_LIMIT = 20;
/** Best clips fetched for a query: at least these, and more than one for each moment wanted. */
const LEAST_BEST = 200;
const BEST_PER_MOMENT = 4;
/** Files in which a sequence is looked for. */
const SEQUENCE_FILES = 100;
/** Texts embedded at once in a batch of queries. */
const BATCH = 64;

export interface SearcherOptions {
  readonly store: SearchStore;
  readonly language: TextEmbedder;
  readonly vectors: LiveVectors;
  /** Milliseconds, ever rising; the process's clock unless told. */
  readonly clock?: () => number;
}

export interface SearchOptions {
  /** Most moments in the reply: 20 unless told. */
  readonly limit?: number;
  /** Filters besides those in the query. */
  readonly filters?: Filters;
  readonly signal?: AbortSignal;
}

/** A picture to search by: its embedding, or the clip of a file that holds a time. */
export type PictureTarget =
  { readonly embedding: Float32Array } | { readonly mediaId: number; readonly at: number };

/** A stage with its evidence on this library: null where nothing is to be seen, only words to be read. */
interface Judged {
  readonly stage: Stage;
  readonly evidence: Evidence | null;
}

/** Answers searches over a library: words, pictures and moments in; moments with calibrated strengths out. */
export class Searcher {
  readonly #store: SearchStore;
  readonly #language: TextEmbedder;
  readonly #vectors: LiveVectors;
  readonly #clock: () => number;
  #phrases: Promise<Float32Array[]> | null = null;
  #background: { readonly generation: number; readonly value: Background } | null = null;

  constructor({ store, language, vectors, clock = () => performance.now() }: SearcherOptions) {
    this.#store = store;
    this.#language = language;
    this.#vectors = vectors;
    this.#clock = clock;
  }

  /** The moments that answer a query in the query language, best first. */
  async moments(query: string, options: SearchOptions = {}): Promise<SearchReply> {
    for await (const reply of this.momentsOfMany([query], options)) return reply;
    throw new TubeletError('internal', 'A search gave no reply.');
  }

  /** The replies to many queries, in their order; their texts are embedded in batches. */
  async *momentsOfMany(queries: readonly string[], options: SearchOptions = {}): AsyncGenerator<SearchReply> {
    for (let first = 0; first < queries.length; first += BATCH) {
      const begun = this.#clock();
      const parsed = queries.slice(first, first + BATCH).map(parseQuery);
      const aim = await this.#aims(parsed.flatMap(textsOf));
      const share = (this.#clock() - begun) / parsed.length;
      for (const query of parsed) {
        options.signal?.throwIfAborted();
        const from = this.#clock();
        const reply = this.#answer(query, aim, options);
        yield { ...reply, milliseconds: share + this.#clock() - from };
      }
    }
  }

  /**
   * The moments that look like a picture. The clip that was given does not answer itself.
   *
   * @throws TubeletError `not-found` where the file has no clips under the pack in use.
   */
  async similarTo(target: PictureTarget, options: SearchOptions = {}): Promise<SearchReply> {
    const begun = this.#clock();
    const background = await this.#prepare();
    options.signal?.throwIfAborted();
    const own = 'mediaId' in target ? this.#clipAt(target.mediaId, target.at) : undefined;
    const picture = 'embedding' in target ? target.embedding : this.#vectors.vector(own ?? 0);
    if (picture === undefined) throw notIndexed();
    const catalogue = new Catalogue(this.#store, this.#vectors, options.filters ?? {});
    const evidence = new Evidence(this.#vectors, background.aimAtPicture(picture));
    const within = catalogue.accept;
    const accept = own === undefined ? within : (id: number): boolean => id !== own && (within?.(id) ?? true);
    const { limit = DEFAULT_LIMIT } = options;
    const best = evidence.best(bestCount(limit), accept);
    const strengths = strengthsOf(this.#vectors, best, this.#scenes(background, catalogue));
    const source = catalogue.source(scoresOf(evidence, strengths));
    const moments = this.#shown(mergeMoments(best, source, limit), catalogue);
    return { ...replyOf('', moments, catalogue.clipCount), milliseconds: this.#clock() - begun };
  }

  /**
   * The exact strength of every clip of a file for a query. Of a sequence, each clip shows its best stage.
   *
   * @throws TubeletError `not-found` where the file is not in the library.
   */
  async lane(mediaId: number, query: string): Promise<Lane> {
    if (this.#store.media(mediaId) === undefined) throw notIndexed();
    const parsed = parseQuery(query);
    const aim = await this.#aims(textsOf(parsed));
    const catalogue = new Catalogue(this.#store, this.#vectors, {});
    const clips = catalogue.clips(mediaId);
    const stages = parsed.stages.map((stage) => {
      const judged = this.#judge(stage, aim);
      return this.#stageScores(
        judged,
        this.#strengths(judged, aim.background, catalogue, DEFAULT_LIMIT),
        mediaId,
        catalogue,
      );
    });
    const best = (index: number): StageScore =>
      stages.reduce<StageScore>((so, scores) => better(so, scores[index] ?? NOTHING), NOTHING);
    const lane: LaneClip[] = clips.map((clip, index) => ({ clip, ...best(index) }));
    return laneOf(mediaId, query, lane);
  }

  #answer(query: Query, aim: Aims, options: SearchOptions): Omit<SearchReply, 'milliseconds'> {
    const { limit = DEFAULT_LIMIT } = options;
    const catalogue = new Catalogue(this.#store, this.#vectors, { ...query.filters, ...options.filters });
    const stages = query.stages.map((stage) => this.#judge(stage, aim));
    const [only] = stages;
    const found =
      stages.length > 1 || only === undefined
        ? this.#sequences(stages, query.within, aim.background, catalogue, limit)
        : this.#single(only, aim.background, catalogue, limit);
    const { chips, notes } = query;
    return { ...replyOf(query.source, this.#shown(found, catalogue), catalogue.clipCount), chips, notes };
  }

  #single(judged: Judged, background: Background, catalogue: Catalogue, limit: number): Fused[] {
    const { stage, evidence } = judged;
    const spoken = this.#spoken(stage, catalogue, limit);
    if (evidence === null)
      return stage.phrases.length === 0 ? this.#listed(catalogue, limit) : fuse([], spoken, limit);
    const best = evidence.best(bestCount(limit), catalogue.accept);
    const strengths = strengthsOf(this.#vectors, best, this.#scenes(background, catalogue));
    const seen = mergeMoments(best, catalogue.source(scoresOf(evidence, strengths)), limit);
    return fuse(seen, spoken, limit);
  }

  /** With nothing to look for, only filters: the files themselves, newest first. */
  #listed(catalogue: Catalogue, limit: number): Stretch[] {
    const stretches: Stretch[] = [];
    for (const { id } of catalogue.files(takenAt)) {
      const clips = catalogue.clips(id);
      const [first, last] = [clips[0], clips.at(-1)];
      if (first === undefined || last === undefined) continue;
      const peak = middle(first);
      stretches.push({
        mediaId: id,
        start: first.start,
        end: last.end,
        peak,
        clipId: first.id,
        z: 0,
        strength: 1,
      });
      if (stretches.length >= limit) break;
    }
    return stretches;
  }

  #sequences(
    stages: readonly Judged[],
    within: number,
    background: Background,
    catalogue: Catalogue,
    limit: number,
  ): Stretch[] {
    const files = new Set<number>();
    const strengths = stages.map((judged) => this.#strengths(judged, background, catalogue, limit, files));
    const chains = [...files].slice(0, SEQUENCE_FILES).flatMap((mediaId) => {
      const scores = stages.map((judged, i) =>
        this.#stageScores(judged, strengths[i] ?? null, mediaId, catalogue),
      );
      return bestChains(catalogue.clips(mediaId), scores, within);
    });
    return chains
      .sort(byStrength)
      .slice(0, limit)
      .flatMap(({ clips, z, strength }) => {
        const [first, last] = [clips[0], clips.at(-1)];
        if (first === undefined || last === undefined) return [];
        const { mediaId, start, id: clipId } = first;
        return [{ mediaId, start, end: last.end, peak: middle(first), clipId, z, strength }];
      });
  }

  /** The strengths of a stage; the files of its best clips and captions are added to `files`. */
  #strengths(
    { stage, evidence }: Judged,
    background: Background,
    catalogue: Catalogue,
    limit: number,
    files = new Set<number>(),
  ): Strengths | null {
    for (const { mediaId } of this.#spoken(stage, catalogue, limit)) files.add(mediaId);
    if (evidence === null) return null;
    const best = evidence.best(bestCount(limit), catalogue.accept);
    for (const { id } of best) {
      const media = catalogue.media(this.#vectors.mediaOf(id) ?? 0);
      if (media !== undefined) files.add(media.id);
    }
    return strengthsOf(this.#vectors, best, this.#scenes(background, catalogue));
  }

  /** The scores of every clip of a file under one stage: what is seen, joined with what is said over the clip. */
  #stageScores(
    { stage, evidence }: Judged,
    strengths: Strengths | null,
    mediaId: number,
    catalogue: Catalogue,
  ): StageScore[] {
    const spoken = this.#spoken(stage, catalogue, LEAST_BEST).filter((said) => said.mediaId === mediaId);
    return catalogue.clips(mediaId).map((clip) => {
      const z = evidence?.of(clip.id) ?? 0;
      const said = spoken.filter(({ start, end }) => start < clip.end && clip.start < end);
      const strength = said.reduce((left, one) => left * (1 - one.strength), 1 - (strengths?.of(z) ?? 0));
      return { z: said.length > 0 ? Math.max(z, SPOKEN_Z) : z, strength: 1 - strength };
    });
  }

  #spoken(stage: Stage, catalogue: Catalogue, limit: number): Spoken[] {
    const { packRevision } = this.#vectors;
    const found =
      stage.phrases.length > 0
        ? spokenPhrases(this.#store, stage.phrases, packRevision, limit)
        : writtenByPeople(this.#store, stage.text, packRevision, limit);
    return found.filter(({ mediaId }) => catalogue.media(mediaId) !== undefined);
  }

  #judge(stage: Stage, aim: Aims): Judged {
    const unwanted = stage.without.map((text) => aim.at(text));
    if (stage.text !== '')
      return { stage, evidence: new Evidence(this.#vectors, aim.at(stage.text), unwanted) };
    const [first, ...others] = unwanted;
    if (first === undefined) return { stage, evidence: null };
    return { stage, evidence: new Evidence(this.#vectors, away(first), others) };
  }

  #shown(stretches: readonly Fused[], catalogue: Catalogue): Moment[] {
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

  #scenes(background: Background, catalogue: Catalogue): number {
    return (background.scenes * catalogue.clipCount) / Math.max(1, this.#vectors.size);
  }

  #clipAt(mediaId: number, at: number): number {
    const clip = this.#store.clipAt(mediaId, at, this.#vectors.packRevision);
    if (clip === undefined) throw notIndexed();
    return clip.id;
  }

  /** Embeds the texts and measures the background they are judged against. */
  async #aims(texts: readonly string[]): Promise<Aims> {
    const distinct = [...new Set(texts)];
    const [embeddings, background] = await Promise.all([
      distinct.length === 0 ? [] : this.#language.embedTexts(distinct),
      this.#prepare(),
    ]);
    return new Aims(
      background,
      new Map(distinct.map((text, i) => [text, embeddings[i] ?? new Float32Array()])),
    );
  }

  async #prepare(): Promise<Background> {
    this.#phrases ??= everydayEmbeddings(
      this.#store,
      this.#language,
      this.#vectors.packRevision,
      this.#vectors.dimension,
    ).catch((error: unknown) => {
      this.#phrases = null;
      throw error;
    });
    const phrases = await this.#phrases;
    await this.#vectors.refresh();
    const { generation } = this.#vectors;
    if (this.#background?.generation !== generation) {
      this.#background = { generation, value: new Background(this.#vectors, phrases) };
    }
    return this.#background.value;
  }
}

/** Evidence that words spoken over a clip count for when stages are put in order. */
const SPOKEN_Z = 4;
const NOTHING: StageScore = { z: -Infinity, strength: 0 };

/** The aims of one batch of texts on one state of the library. */
class Aims {
  readonly background: Background;
  readonly #embeddings: ReadonlyMap<string, Float32Array>;

  constructor(background: Background, embeddings: ReadonlyMap<string, Float32Array>) {
    this.background = background;
    this.#embeddings = embeddings;
  }

  at(text: string): Aim {
    const embedding = this.#embeddings.get(text);
    if (embedding === undefined) throw new TubeletError('internal', 'A text of the query was not embedded.');
    return this.background.aimAtText(embedding);
  }
}

/** The opposite aim: the less a clip shows it, the better. */
function away({ direction, chance }: Aim): Aim {
  return { direction: direction.map((value) => -value), chance: { ...chance, mean: -chance.mean } };
}

function textsOf(query: Query): string[] {
  return query.stages.flatMap(({ text, without }) => (text === '' ? without : [text, ...without]));
}

function bestCount(limit: number): number {
  return Math.max(LEAST_BEST, limit * BEST_PER_MOMENT);
}

function scoresOf(
  evidence: Evidence,
  strengths: Strengths,
): { zOf(id: number): number; strengthOf(z: number): number } {
  return { zOf: (id) => evidence.of(id), strengthOf: (z) => strengths.of(z) };
}

function better(a: StageScore, b: StageScore): StageScore {
  return b.strength > a.strength || (b.strength === a.strength && b.z > a.z) ? b : a;
}

function replyOf(
  query: string,
  moments: readonly Moment[],
  clips: number,
): Omit<SearchReply, 'milliseconds'> {
  return { query, found: moments.some(({ score }) => score >= LIKELY), moments, clips, chips: [], notes: [] };
}

function notIndexed(): TubeletError {
  return new TubeletError('not-found', 'That file has not been indexed with the model in use.', {
    hint: 'Index it, then try again.',
  });
}
