import { TubeletError } from '../errors.ts';
import type { LiveVectors } from '../vectors/live.ts';
import type { Aim, Background } from './background.ts';
import { LIKELY, type Strengths } from './calibration.ts';
import type { Catalogue, SearchStore } from './catalogue.ts';
import { Evidence, strengthsOf, type Scored } from './evidence.ts';
import { takenAt } from './filters.ts';
import { fuse, type Fused } from './fusion.ts';
import type { LaneClip } from './lanes.ts';
import { mergeMoments, middle, type Stretch } from './moments.ts';
import type { OwnWords } from './own-words.ts';
import type { Query, Stage } from './query.ts';
import { reordered, unread, type Reading, type Unread } from './rereading.ts';
import { bestChains, byStrength, type StageScore } from './sequences.ts';
import { spokenPhrases, writtenByPeople, type Spoken } from './words.ts';

/** Best clips fetched for a query: at least these, and more than one for each moment wanted. */
const LEAST_BEST = 200;
const BEST_PER_MOMENT = 4;
/** Files in which a sequence is looked for. */
const SEQUENCE_FILES = 100;
/** Evidence that words over a clip count for where the stages of a sequence are weighed. */
const SPOKEN_Z = 4;

const NOTHING: StageScore = { z: -Infinity, strength: 0 };
const NOTHING_READ: Reading = new Map();

/** What an inquiry is made of: one state of the library, as one search sees it. */
export interface InquirySources {
  readonly store: SearchStore;
  readonly vectors: LiveVectors;
  readonly background: Background;
  readonly catalogue: Catalogue;
  /** Unit embeddings of the texts that the queries hold. */
  readonly embeddings: ReadonlyMap<string, Float32Array>;
  readonly ownWords: Pick<OwnWords, 'meaning'>;
}

/** A stage with its evidence: null where nothing is to be seen, only words to be read. */
interface JudgedStage {
  readonly stage: Stage;
  readonly evidence: Evidence | null;
}

/** One query with one limit, worked out on one state of the library. Synchronous and without side effects. */
export class Inquiry {
  readonly #sources: InquirySources;
  readonly #found = new Map<Stage, readonly Scored[]>();

  constructor(sources: InquirySources) {
    this.#sources = sources;
  }

  /** What the decoder may read before the query is answered; null where there is nothing that one sentence says. */
  unread(query: Query, limit: number): Unread | null {
    const [stage, ...more] = query.stages;
    if (stage === undefined || stage.text === '' || more.length > 0) return null;
    const { evidence } = this.#judge(stage);
    return (
      evidence && unread(stage.text, this.#best(stage, evidence, limit), evidence, this.#sources.vectors)
    );
  }

  /** The stretches that answer a query, best first; in the order of a reading where one is given. */
  answer(query: Query, limit: number, reading?: Reading): Fused[] {
    const stages = query.stages.map((stage) => this.#judge(stage));
    const [only, ...more] = stages;
    if (only === undefined) return [];
    if (more.length === 0) return this.#single(only, limit, reading);
    const sequences = this.#sequences(stages, query.within, limit);
    return sequences.some(({ strength }) => strength >= LIKELY)
      ? sequences
      : this.#asPlainWords(query, limit);
  }

  /** The stretches that look like the picture that the evidence is of, best first, without the clip `except`. */
  alike(evidence: Evidence, limit: number, except?: number): Stretch[] {
    const { accept } = this.#sources.catalogue;
    const others = (id: number): boolean => id !== except && (accept?.(id) ?? true);
    const best = evidence.best(bestCount(limit), except === undefined ? accept : others);
    return this.#merged(best, evidence, limit);
  }

  /** The exact score of every clip of a file; of a sequence, that of the stage which suits the clip best. */
  lane(query: Query, mediaId: number): LaneClip[] {
    const stages = query.stages.map((stage) => {
      const judged = this.#judge(stage);
      const best = judged.evidence?.best(LEAST_BEST, this.#sources.catalogue.accept);
      return this.#stageScores(judged, best === undefined ? null : this.#strengths(best), mediaId);
    });
    return this.#sources.catalogue.clips(mediaId).map((clip, index) => {
      const best = stages.reduce<StageScore>((so, scores) => better(so, scores[index] ?? NOTHING), NOTHING);
      return { clip, ...best };
    });
  }

  #single({ stage, evidence }: JudgedStage, limit: number, reading?: Reading): Fused[] {
    if (evidence === null && stage.phrases.length === 0) return this.#listed(limit);
    const seen = evidence === null ? [] : this.#seen(stage, evidence, limit, reading);
    return fuse(seen, this.#spoken(stage, limit), limit);
  }

  #seen(stage: Stage, evidence: Evidence, limit: number, reading: Reading = NOTHING_READ): Stretch[] {
    return this.#merged(this.#best(stage, evidence, limit), evidence, limit, reading);
  }

  /** The best clips of a stage; the index is asked once, though they are read before the answer is made of them. */
  #best(stage: Stage, evidence: Evidence, limit: number): readonly Scored[] {
    const found = this.#found.get(stage) ?? evidence.best(bestCount(limit), this.#sources.catalogue.accept);
    this.#found.set(stage, found);
    return found;
  }

  #merged(
    best: readonly Scored[],
    evidence: Evidence,
    limit: number,
    reading: Reading = NOTHING_READ,
  ): Stretch[] {
    // What chance explains is judged by the order of the index: reading changes who comes first, not how sure that is.
    const strengths = this.#strengths(best);
    const source = this.#sources.catalogue.source({
      zOf: (id) => reading.get(id) ?? evidence.of(id),
      strengthOf: (z) => strengths.of(z),
    });
    return mergeMoments(reordered(best, reading), source, limit);
  }

  /** Where one thing after another is nowhere to be found, "then" may have been a word of the sentence. */
  #asPlainWords({ stages, plain }: Query, limit: number): Fused[] {
    const without = stages.flatMap((stage) => stage.without);
    const phrases = stages.flatMap((stage) => stage.phrases);
    return this.#single(this.#judge({ text: plain, without, phrases }), limit);
  }

  /** With nothing to look for, only filters: the files themselves, newest first. */
  #listed(limit: number): Stretch[] {
    const { catalogue } = this.#sources;
    const stretches: Stretch[] = [];
    for (const { id } of catalogue.files(takenAt)) {
      const clips = catalogue.clips(id);
      const [first, last] = [clips[0], clips.at(-1)];
      if (first === undefined || last === undefined) continue;
      const { start, id: clipId } = first;
      stretches.push({ mediaId: id, start, end: last.end, peak: middle(first), clipId, z: 0, strength: 1 });
      if (stretches.length >= limit) break;
    }
    return stretches;
  }

  #sequences(stages: readonly JudgedStage[], within: number, limit: number): Stretch[] {
    const { catalogue, vectors } = this.#sources;
    const files = new Set<number>();
    const strengths = stages.map(({ stage, evidence }) => {
      for (const { mediaId } of this.#spoken(stage, limit)) files.add(mediaId);
      if (evidence === null) return null;
      const best = evidence.best(bestCount(limit), catalogue.accept);
      for (const { id } of best) files.add(catalogue.media(vectors.mediaOf(id) ?? 0)?.id ?? 0);
      return this.#strengths(best);
    });
    files.delete(0);
    const chains = [...files].slice(0, SEQUENCE_FILES).flatMap((mediaId) => {
      const scores = stages.map((judged, i) => this.#stageScores(judged, strengths[i] ?? null, mediaId));
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

  /** The scores of every clip of a file under one stage: what is seen, joined with what is said over the clip. */
  #stageScores({ stage, evidence }: JudgedStage, strengths: Strengths | null, mediaId: number): StageScore[] {
    const spoken = this.#spoken(stage, LEAST_BEST).filter((said) => said.mediaId === mediaId);
    return this.#sources.catalogue.clips(mediaId).map((clip) => {
      const z = evidence?.of(clip.id) ?? 0;
      const said = spoken.filter(({ start, end }) => start < clip.end && clip.start < end);
      const chance = said.reduce((left, one) => left * (1 - one.strength), 1 - (strengths?.of(z) ?? 0));
      return { z: said.length > 0 ? Math.max(z, SPOKEN_Z) : z, strength: 1 - chance };
    });
  }

  #spoken(stage: Stage, limit: number): Spoken[] {
    const { store, vectors, catalogue, embeddings, ownWords } = this.#sources;
    const text = embeddings.get(stage.text);
    const meant = text === undefined ? [] : ownWords.meaning(text, limit);
    const found =
      stage.phrases.length > 0
        ? spokenPhrases(store, stage.phrases, vectors.packRevision, limit)
        : writtenByPeople(store, stage.text, meant, vectors.packRevision, limit);
    return found.filter(({ mediaId }) => catalogue.media(mediaId) !== undefined);
  }

  #strengths(best: readonly Scored[]): Strengths {
    const { vectors, background, catalogue } = this.#sources;
    const scenes = (background.scenes * catalogue.clipCount) / Math.max(1, vectors.size);
    return strengthsOf(vectors, best, scenes);
  }

  #judge(stage: Stage): JudgedStage {
    const { vectors } = this.#sources;
    const unwanted = stage.without.map((text) => this.#aim(text));
    if (stage.text !== '') return { stage, evidence: new Evidence(vectors, this.#aim(stage.text), unwanted) };
    const [first, ...others] = unwanted;
    return { stage, evidence: first === undefined ? null : new Evidence(vectors, away(first), others) };
  }

  #aim(text: string): Aim {
    const embedding = this.#sources.embeddings.get(text);
    if (embedding === undefined) throw new TubeletError('internal', 'A text of the query was not embedded.');
    return this.#sources.background.aimAtText(embedding);
  }
}

/** The opposite aim: the less a clip shows it, the better. */
function away({ direction, chance }: Aim): Aim {
  return { direction: direction.map((value) => -value), chance: { ...chance, mean: -chance.mean } };
}

function bestCount(limit: number): number {
  return Math.max(LEAST_BEST, limit * BEST_PER_MOMENT);
}

function better(a: StageScore, b: StageScore): StageScore {
  return b.strength > a.strength || (b.strength === a.strength && b.z > a.z) ? b : a;
}
