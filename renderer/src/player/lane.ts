import type { Lane, Moment } from '../../../electron/engine/api/shapes.ts';
import type { View } from './timeline.ts';

type Clip = Lane['clips'][number];
export type Peak = Lane['peaks'][number];

/**
 * The best score under each pixel column of a lane. Every clip counts in every column that it touches, however
 * narrow, so that a short match in a long video is never lost. `clips` in order of time.
 */
export function laneColumns(clips: readonly Clip[], view: View, width: number): Float32Array {
  const columns = new Float32Array(Math.max(0, Math.floor(width)));
  const perSecond = columns.length / (view.to - view.from);
  for (const clip of clips) {
    if (clip.end <= view.from || clip.start >= view.to) continue;
    const first = Math.max(0, Math.floor((clip.start - view.from) * perSecond));
    const last = Math.min(columns.length - 1, Math.ceil((clip.end - view.from) * perSecond) - 1);
    for (let column = first; column <= Math.max(first, last) && column < columns.length; column += 1) {
      if (clip.score > (columns[column] ?? 0)) columns[column] = clip.score;
    }
  }
  return columns;
}

/** The peaks worth visiting: those that are a match at all, in order of time. */
export function matchPeaks(lane: Lane): Peak[] {
  return lane.peaks.filter((peak) => peak.match !== 'none').sort((a, b) => a.time - b.time);
}

/** The strongest word among a lane's peaks. */
export function bestMatch(lane: Lane): Moment['match'] {
  const words = ['strong', 'likely', 'weak'] as const;
  return words.find((word) => lane.peaks.some((peak) => peak.match === word)) ?? 'none';
}

/** How the lanes differ besides their hue: what their bars are filled with. */
export const PATTERNS = ['solid', 'diagonal', 'dots', 'rows'] as const;
export type Pattern = (typeof PATTERNS)[number];
