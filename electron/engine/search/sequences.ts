import type { ClipRow } from '../library/types.ts';

/** Evidence of one stage beyond which a clip cannot make up for the other stages. */
const CAP = 4;

/** One clip under one stage. */
export interface StageScore {
  readonly z: number;
  readonly strength: number;
}

/** A chain of clips, one a stage, in the order of time. */
export interface Chain {
  readonly clips: readonly ClipRow[];
  /** Sum of the stages' evidence. */
  readonly z: number;
  /** A chain is as strong as its weakest stage. */
  readonly strength: number;
}

/**
 * The best chains of one file: for each clip that ends a chain, the clips before it with the greatest sum of evidence,
 * each stage beginning later than the one before and within `within` seconds of its end. Dynamic programming over
 * stages and clips; of chains that overlap in time only the best is kept.
 *
 * @param clips in the order of time
 * @param scores for each stage, the scores of the clips in their order
 */
export function bestChains(
  clips: readonly ClipRow[],
  scores: readonly (readonly StageScore[])[],
  within: number,
): Chain[] {
  const worth = (stage: number, clip: number): number => Math.min(CAP, scores[stage]?.[clip]?.z ?? -Infinity);
  let sums = clips.map((_, clip) => worth(0, clip));
  const cameFrom: number[][] = [];
  for (let stage = 1; stage < scores.length; stage++) {
    const from = clips.map((clip, index) => bestBefore(clips, sums, clip, index, within));
    sums = from.map((before, clip) => (sums[before] ?? -Infinity) + worth(stage, clip));
    cameFrom.push(from);
  }
  const chains: Chain[] = [];
  for (const end of clips.keys()) {
    const sum = sums[end] ?? -Infinity;
    if (sum === -Infinity) continue;
    const indexes = trace(cameFrom, end);
    const steps = indexes.map((clip, stage) => scores[stage]?.[clip]);
    chains.push({
      clips: indexes.flatMap((clip) => clips[clip] ?? []),
      z: steps.reduce((total, step) => total + (step?.z ?? 0), 0),
      strength: Math.min(...steps.map((step) => step?.strength ?? 0)),
    });
  }
  return withoutOverlaps(chains);
}

/** Order of chains: the stronger first, then the one with more evidence. */
export function byStrength(a: Chain, b: Chain): number {
  return b.strength - a.strength || b.z - a.z;
}

function bestBefore(
  clips: readonly ClipRow[],
  sums: readonly number[],
  clip: ClipRow,
  index: number,
  within: number,
): number {
  let best = -1;
  for (let before = index - 1; before >= 0; before--) {
    const earlier = clips[before];
    if (earlier === undefined || clip.start - earlier.end > within) break;
    if (earlier.start < clip.start && (sums[before] ?? -Infinity) > (sums[best] ?? -Infinity)) best = before;
  }
  return best;
}

function trace(cameFrom: readonly (readonly number[])[], end: number): number[] {
  const chain = [end];
  for (let stage = cameFrom.length - 1; stage >= 0; stage--)
    chain.unshift(cameFrom[stage]?.[chain[0] ?? 0] ?? -1);
  return chain;
}

function withoutOverlaps(chains: Chain[]): Chain[] {
  const kept: Chain[] = [];
  const span = (chain: Chain): [number, number] => [chain.clips[0]?.start ?? 0, chain.clips.at(-1)?.end ?? 0];
  for (const chain of chains.sort(byStrength)) {
    const [start, end] = span(chain);
    const overlaps = kept.some((other) => {
      const [from, to] = span(other);
      return start < to && from < end;
    });
    if (!overlaps) kept.push(chain);
  }
  return kept;
}
