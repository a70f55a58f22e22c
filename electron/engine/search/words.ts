import type { CaptionRow, ClipRow } from '../library/types.ts';
import type { Stretch } from './moments.ts';
import type { Meant } from './own-words.ts';

/** Captions fetched for each moment wanted: several captions may lie in one moment, and filters leave some out. */
const OVERSAMPLING = 4;

/** The part of the store that words are looked up in. */
export interface CaptionSource {
  searchCaptions(words: string, limit: number): { caption: CaptionRow; rank: number }[];
  clipAt(mediaId: number, seconds: number, packRevision: string): ClipRow | undefined;
}

/** A caption that holds the words, as a stretch of its file. */
export interface Spoken extends Stretch {
  readonly words: string;
}

/**
 * Captions and subtitles that hold every one of the phrases, best first by bm25. The strength is the caption's own
 * confidence: that the words are there is certain, that they are true is only as sure as who wrote them.
 */
export function spokenPhrases(
  source: CaptionSource,
  phrases: readonly string[],
  packRevision: string,
  limit: number,
): Spoken[] {
  if (phrases.length === 0) return [];
  const asked = phrases.map((phrase) => `"${phrase}"`).join(' ');
  return located(source, source.searchCaptions(asked, limit * OVERSAMPLING), packRevision);
}

/**
 * What people wrote themselves (their own captions, and subtitle files) that holds all words of a plain query, then what
 * means the same in other words. The model's captions are left out: they repeat, less surely, what the picture already
 * says.
 */
export function writtenByPeople(
  source: CaptionSource,
  text: string,
  meant: readonly Meant[],
  packRevision: string,
  limit: number,
): Spoken[] {
  if (text === '') return [];
  const hits = source
    .searchCaptions(text.replaceAll('"', ' '), limit * OVERSAMPLING)
    .filter(({ caption }) => caption.source !== 'model');
  const held = new Set(hits.map(({ caption }) => caption.id));
  return located(source, [...hits, ...meant.filter(({ caption }) => !held.has(caption.id))], packRevision);
}

function located(
  source: CaptionSource,
  hits: readonly { readonly caption: CaptionRow; readonly strength?: number }[],
  packRevision: string,
): Spoken[] {
  return hits.flatMap(({ caption, strength = caption.confidence }) => {
    const peak = (caption.start + caption.end) / 2;
    const clip = source.clipAt(caption.mediaId, peak, packRevision);
    if (clip === undefined) return [];
    const { mediaId, start, end, text } = caption;
    return [{ mediaId, start, end, peak, clipId: clip.id, z: 0, strength, words: text }];
  });
}
