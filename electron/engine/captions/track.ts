/** What is kept of a file's captions, as cues: for files to write, for the rules, for the captions tab. */
import type { CaptionRow, CaptionSource, MediaRow, Store } from '../library/types.ts';
import type { Cue } from './cue.ts';
import { timeCues, type TimingContext } from './timing.ts';

/** A stored caption as a cue. */
export function cueOf({ start, end, text, confidence, source }: CaptionRow): Cue {
  return { start, end, text, confidence, source };
}

/** What the timed-text rules must know of a file: its rate, its length, and where its shots begin. */
export function timingContext(store: Store, media: MediaRow): TimingContext {
  const clips = media.packRevision === null ? [] : store.clips(media.id, media.packRevision);
  return {
    frameRate: media.facts?.frameRateRational ?? [25, 1],
    cuts: clips.filter((clip) => clip.cutBefore && clip.start > 0).map((clip) => clip.start),
    duration: media.facts?.duration ?? clips.at(-1)?.end ?? Infinity,
  };
}

/** Which captions of a file are meant: the model's and a person's own, unless told otherwise. */
const WRITTEN: readonly CaptionSource[] = ['model', 'user'];

/** What is said of a file with the whole stretch that each caption is about: for programs, tables and edit lists. */
export function describedCues(
  store: Store,
  media: MediaRow,
  sources: readonly CaptionSource[] = WRITTEN,
): Cue[] {
  return store
    .captions(media.id)
    .filter(({ source }) => sources.includes(source))
    .map(cueOf);
}

/**
 * The cues to show or to write as subtitles: the model's statements timed by the rules, a person's own as they are.
 * `sources` chooses; subtitles read from a file are left out unless asked for.
 */
export function subtitleCues(
  store: Store,
  media: MediaRow,
  sources: readonly CaptionSource[] = WRITTEN,
): Cue[] {
  return timeCues(describedCues(store, media, sources), timingContext(store, media));
}
