import { basename } from 'node:path';
import type { Lane, Moment, SearchReply } from '../../engine/api/shapes.ts';
import type { Store } from '../../engine/library/types.ts';
import type * as found from '../../engine/search/types.ts';

/** A search's reply as it travels: files go by id and name, never by path. */
export function replyOut(reply: found.SearchReply): SearchReply {
  return {
    query: reply.query,
    found: reply.found,
    moments: reply.moments.map(momentOut),
    clips: reply.clips,
    milliseconds: reply.milliseconds,
    chips: reply.chips.map(({ kind, label, text }) => ({ kind, label, text })),
    notes: reply.notes.map(({ message, from, to }) => ({ message, from, to })),
  };
}

/** A moment as it travels. */
export function momentOut(moment: found.Moment): Moment {
  return {
    mediaId: moment.mediaId,
    name: basename(moment.path),
    kind: moment.kind,
    start: moment.start,
    end: moment.end,
    peak: moment.peak,
    score: moment.score,
    match: moment.match,
    words: moment.words ?? null,
  };
}

/** A lane as it travels: thousands of scores, of which four digits are more than can be drawn. */
export function laneOut(lane: found.Lane): Lane {
  return {
    mediaId: lane.mediaId,
    query: lane.query,
    clips: lane.clips.map(({ start, end, score }) => ({
      start,
      end,
      score: Math.round(score * 1e4) / 1e4,
    })),
    peaks: lane.peaks.map(({ time, score, match }) => ({ time, score, match })),
  };
}

const SUGGESTIONS = 3;
/** Captions of so many files are looked at. */
const FILES_ASKED = 60;
/** A search is short: longer captions are left out. */
const MOST_WORDS = 8;

/**
 * Example searches made from the captions of the person's own videos: short ones of good confidence, from files far
 * apart in the library, each saying something else. `files`: those that were looked at. Empty until there are captions.
 */
export function suggestions(
  store: Pick<Store, 'captions'>,
  files: readonly { readonly id: number }[],
): string[] {
  const step = Math.max(1, Math.floor(files.length / FILES_ASKED));
  const candidates: { text: string; confidence: number }[] = [];
  for (let index = 0; index < files.length; index += step) {
    const best = store
      .captions(files[index]?.id ?? 0)
      .filter(({ text, source }) => source !== 'file' && text.trim().split(/\s+/).length <= MOST_WORDS)
      .sort((a, b) => b.confidence - a.confidence)[0];
    if (best !== undefined) candidates.push(best);
  }
  const chosen: string[] = [];
  for (const { text } of candidates.sort((a, b) => b.confidence - a.confidence)) {
    const query = text
      .trim()
      .replace(/[.!]+$/, '')
      .replace(/\s+/g, ' ')
      .toLowerCase();
    if (query !== '' && !chosen.some((other) => shareWords(other, query))) chosen.push(query);
    if (chosen.length === SUGGESTIONS) break;
  }
  return chosen;
}

/** True where more than half of the longer words are the same. */
function shareWords(one: string, other: string): boolean {
  const words = (text: string): Set<string> => new Set(text.split(' ').filter((word) => word.length > 3));
  const [a, b] = [words(one), words(other)];
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared * 2 > Math.min(a.size, b.size);
}
