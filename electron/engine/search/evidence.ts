import type { LiveVectors } from '../vectors/live.ts';
import { SAME_SCENE, type Aim } from './background.ts';
import { Strengths, zOf, type Ranked } from './calibration.ts';

/** How much one standard deviation of what is not wanted takes from what is. */
const PENALTY = 1;
/** Candidates fetched for each one that is kept, where what is not wanted may reorder them. */
const OVERSAMPLING = 4;

/** A clip and the evidence for it, in standard deviations above chance. */
export interface Scored {
  readonly id: number;
  readonly z: number;
}

/** The evidence of one stage of a query: what is wanted, less what is not. */
export class Evidence {
  readonly #vectors: LiveVectors;
  readonly #wanted: Aim;
  readonly #unwanted: readonly Aim[];

  constructor(vectors: LiveVectors, wanted: Aim, unwanted: readonly Aim[] = []) {
    this.#vectors = vectors;
    this.#wanted = wanted;
    this.#unwanted = unwanted;
  }

  /** Cosine in one standard deviation. */
  get spread(): number {
    return this.#wanted.chance.spread;
  }

  /** The clip's standard deviations above chance; -Infinity for a clip that is not there. */
  of(clipId: number): number {
    const score = this.#vectors.similarity(this.#wanted.direction, clipId);
    return score === undefined ? -Infinity : this.#less(zOf(score, this.#wanted.chance), clipId);
  }

  /** The `count` clips with most evidence among those accepted, best first. */
  best(count: number, accept?: (id: number) => boolean): Scored[] {
    const fetched = this.#unwanted.length === 0 ? count : count * OVERSAMPLING;
    const found = this.#vectors.search(this.#wanted.direction, fetched, accept);
    const scored = found.map(({ id, similarity }) => ({
      id,
      z: this.#less(zOf(similarity, this.#wanted.chance), id),
    }));
    if (this.#unwanted.length === 0) return scored;
    return scored.sort((a, b) => b.z - a.z || a.id - b.id).slice(0, count);
  }

  #less(z: number, clipId: number): number {
    let left = z;
    for (const { direction, chance } of this.#unwanted) {
      left -= PENALTY * Math.max(0, zOf(this.#vectors.similarity(direction, clipId) ?? -Infinity, chance));
    }
    return left;
  }
}

/** The strengths of a query from its best clips; `scenes` counts those of all files that were searched. */
export function strengthsOf(vectors: LiveVectors, best: readonly Scored[], scenes: number): Strengths {
  const firsts = scenesOf(vectors, best);
  return new Strengths(
    scenes,
    best.map<Ranked>(({ id, z }, rank) => ({ z, newScene: firsts[rank] === id })),
  );
}

/** For each of the best clips the first of its scene: itself, or an earlier one of its file that it looks like. */
export function scenesOf(vectors: LiveVectors, best: readonly Scored[]): number[] {
  const seen = new Map<number, number[]>();
  return best.map(({ id }) => {
    const mediaId = vectors.mediaOf(id) ?? 0;
    const vector = vectors.vector(id);
    const firsts = seen.get(mediaId) ?? [];
    const first = firsts.find(
      (known) => vector !== undefined && (vectors.similarity(vector, known) ?? 0) >= SAME_SCENE,
    );
    if (first === undefined) seen.set(mediaId, [...firsts, id]);
    return first ?? id;
  });
}
