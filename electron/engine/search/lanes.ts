import type { ClipRow } from '../library/types.ts';
import { matchWord, WEAK } from './calibration.ts';
import { middle } from './moments.ts';
import type { Lane } from './types.ts';

/** Seconds around a peak in which no other is shown. */
const PEAK_DISTANCE = 6;

/** One clip of a lane: its evidence decides which of two equal strengths is the peak. */
export interface LaneClip {
  readonly clip: ClipRow;
  readonly z: number;
  readonly strength: number;
}

/** A lane from the scores of every clip of a file, in the order of time. */
export function laneOf(mediaId: number, query: string, clips: readonly LaneClip[]): Lane {
  return {
    mediaId,
    query,
    clips: clips.map(({ clip, strength }) => ({ start: clip.start, end: clip.end, score: strength })),
    peaks: peaksOf(clips).map(({ clip, strength }) => ({
      time: middle(clip),
      score: strength,
      match: matchWord(strength),
    })),
  };
}

/**
 * The clips that match, score no less than their neighbours, and have no better peak near: greedy non-maximum
 * suppression. In the order of time.
 */
export function peaksOf(clips: readonly LaneClip[]): LaneClip[] {
  const kept: LaneClip[] = [];
  const tops = clips.filter(({ z, strength }, i) => {
    return strength >= WEAK && z >= (clips[i - 1]?.z ?? -Infinity) && z >= (clips[i + 1]?.z ?? -Infinity);
  });
  for (const top of tops.sort((a, b) => b.z - a.z || a.clip.start - b.clip.start)) {
    const near = kept.some(({ clip }) => Math.abs(middle(clip) - middle(top.clip)) < PEAK_DISTANCE);
    if (!near) kept.push(top);
  }
  return kept.sort((a, b) => a.clip.start - b.clip.start);
}
