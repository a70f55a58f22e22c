import type { ClipSource } from './decoding.ts';
import { readKeyFrames } from './keyframes.ts';
import { readStill } from './pictures.ts';
import { readThorough } from './thorough.ts';
import type { ClipFrames, IndexMode, MediaFacts } from './types.ts';

export type { ClipSource } from './decoding.ts';

/**
 * Reads a file clip by clip in one ffmpeg pass, in time order, without gaps: the first clip begins with the first frame
 * (`facts.start`), the last ends with the last (`facts.start + facts.duration`). No clip straddles a cut. Continued from
 * the end of a clip (`resume`), the clips that follow are those of an undisturbed reading. ffmpeg waits while the consumer
 * is busy, and is gone when the generator is left, however that happens.
 * @throws TubeletError `damaged` after the clips that could be read, `too-slow`, `disk-full`, `ffmpeg-failed`,
 *   `cancelled`
 */
export function readClips(source: ClipSource): AsyncGenerator<ClipFrames> {
  if (source.facts.kind === 'image') return readStill(source);
  return source.mode === 'fast' ? readKeyFrames(source) : readThorough(source);
}

/** Key frames further apart than this would leave clips without a picture of their own. Seconds. */
const WIDEST_KEY_FRAMES = 2;

/** How densely a file is to be looked at, and why it is not `fast`. */
export interface ModeChoice {
  readonly mode: IndexMode;
  /** Null where the wish was met. */
  readonly reason: string | null;
}

/** Meets the wish for `fast` where key frames are at most 2 seconds apart; says why where it cannot. */
export function chooseMode(facts: MediaFacts, wanted: IndexMode = 'fast'): ModeChoice {
  if (facts.kind === 'image' || wanted === 'thorough') return { mode: 'thorough', reason: null };
  const interval = facts.keyFrameInterval;
  if (interval === null || facts.duration === 0) {
    return { mode: 'thorough', reason: 'It is not known how far apart the key frames are.' };
  }
  if (interval > WIDEST_KEY_FRAMES) {
    return {
      mode: 'thorough',
      reason: `Key frames are ${interval.toFixed(1)} seconds apart; reading by key frames needs ${WIDEST_KEY_FRAMES} or less.`,
    };
  }
  return { mode: 'fast', reason: null };
}
