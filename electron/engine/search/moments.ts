import type { ClipRow } from '../library/types.ts';
import { WEAK } from './calibration.ts';
import type { Scored } from './evidence.ts';

/** Seconds that may lie between clips that are still adjacent. */
const ADJACENT = 0.5;
/** A neighbour joins a moment while it has this share of the best clip's evidence. */
const JOINING_SHARE = 0.5;

/** A moment before it is known which file it lies in: seconds, and where the evidence comes from. */
export interface Stretch {
  readonly mediaId: number;
  readonly start: number;
  readonly end: number;
  readonly peak: number;
  readonly clipId: number;
  readonly z: number;
  readonly strength: number;
}

/** What merging needs to know: pure but for these. */
export interface ClipSource {
  /** The file of a clip; undefined where it should not be shown. */
  mediaOf(clipId: number): number | undefined;
  /** The clips of a file in the order of time. */
  clipsOf(mediaId: number): readonly ClipRow[];
  zOf(clipId: number): number;
  strengthOf(z: number): number;
}

/**
 * Merges the best clips into moments, best first, at most `limit`. A moment grows from its best clip to both sides
 * while the neighbours match too; a clear miss ends it, and nothing is ever bridged. Of what does not match at all,
 * each file gives its nearest miss alone.
 */
export function mergeMoments(best: readonly Scored[], source: ClipSource, limit: number): Stretch[] {
  const stretches: Stretch[] = [];
  const covered = new Set<number>();
  const filesShown = new Set<number>();
  for (const { id, z } of best) {
    if (stretches.length >= limit) break;
    const mediaId = source.mediaOf(id);
    if (mediaId === undefined || covered.has(id)) continue;
    const strength = source.strengthOf(z);
    if (strength < WEAK && filesShown.has(mediaId)) continue;
    const clips = source.clipsOf(mediaId);
    const seed = clips.findIndex((clip) => clip.id === id);
    const clip = clips[seed];
    if (clip === undefined) continue;
    const [first, last] = strength < WEAK ? [seed, seed] : grow(clips, seed, z, source, covered);
    for (let i = first; i <= last; i++) covered.add(clips[i]?.id ?? 0);
    filesShown.add(mediaId);
    stretches.push({
      mediaId,
      start: clips[first]?.start ?? clip.start,
      end: clips[last]?.end ?? clip.end,
      peak: middle(clip),
      clipId: id,
      z,
      strength,
    });
  }
  return stretches;
}

/** The time to open a clip at. */
export function middle(clip: ClipRow): number {
  return (clip.start + clip.end) / 2;
}

function grow(
  clips: readonly ClipRow[],
  seed: number,
  seedZ: number,
  source: ClipSource,
  covered: ReadonlySet<number>,
): [first: number, last: number] {
  const joins = (clip: ClipRow): boolean => {
    const z = source.zOf(clip.id);
    return !covered.has(clip.id) && z >= JOINING_SHARE * seedZ && source.strengthOf(z) >= WEAK;
  };
  const reach = (step: 1 | -1): number => {
    let edge = seed;
    for (;;) {
      const [here, next] = [clips[edge], clips[edge + step]];
      if (here === undefined || next === undefined) return edge;
      const gap = step === 1 ? next.start - here.end : here.start - next.end;
      if (gap > ADJACENT || !joins(next)) return edge;
      edge += step;
    }
  };
  return [reach(-1), reach(1)];
}
