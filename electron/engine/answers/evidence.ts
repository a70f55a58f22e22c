/** Which clips could answer a question: those of its scope that match what it asks about. */
import { TubeletError } from '../errors.ts';
import type { ClipRow, MediaRow, Store } from '../library/types.ts';
import { matchWord } from '../search/calibration.ts';
import type { Lane, Moment, SearchReply } from '../search/types.ts';

/** Where to look for the answer. */
export type QuestionScope =
  | { readonly kind: 'library' }
  | { readonly kind: 'media'; readonly mediaId: number }
  | { readonly kind: 'moment'; readonly mediaId: number; readonly at: number };

/** The part of the searcher that answering needs. */
export interface MomentSearcher {
  moments(
    query: string,
    options: {
      readonly limit: number;
      readonly filters?: { readonly mediaIds: readonly number[] };
      readonly signal?: AbortSignal;
    },
  ): Promise<SearchReply>;
  lane(mediaId: number, query: string): Promise<Lane>;
}

/** Clips that a question is put to. More cost time and bring in clips that match less. */
export const CLIPS_ASKED = 8;

/**
 * The clips to ask, as moments with their match, best first. `matched` is false where nothing matches: over a library as
 * a search would say it; in a file that the person chose, even a weak match is enough.
 */
export interface Evidence {
  readonly moments: readonly Moment[];
  readonly matched: boolean;
}

/** The file of a scope. @throws TubeletError `not-found`. */
export function mediaOf(store: Store, mediaId: number): MediaRow {
  const media = store.media(mediaId);
  if (!media) throw new TubeletError('not-found', 'That file is no longer in the library.');
  return media;
}

function momentOf(media: MediaRow, clip: ClipRow, score: number): Moment {
  const { start, end } = clip;
  return {
    mediaId: media.id,
    path: media.path,
    kind: media.kind,
    ...{ start, end, peak: (start + end) / 2, score, match: matchWord(score), clipId: clip.id },
  };
}

/**
 * Finds the clips. A moment is its own evidence, whatever it shows.
 * @throws TubeletError `not-found` where the scope's file is gone or has no clips with this pack.
 */
export async function gatherEvidence(options: {
  readonly store: Store;
  readonly searcher: MomentSearcher;
  readonly packRevision: string;
  readonly query: string;
  readonly scope: QuestionScope;
  readonly signal?: AbortSignal;
}): Promise<Evidence> {
  const { store, searcher, packRevision, query, scope, signal } = options;
  if (scope.kind === 'library') {
    const reply = await searcher.moments(query, { limit: CLIPS_ASKED, ...(signal ? { signal } : {}) });
    return { moments: reply.moments, matched: reply.found };
  }
  const media = mediaOf(store, scope.mediaId);
  const clips = store.clips(media.id, packRevision);
  if (clips.length === 0) {
    throw new TubeletError('not-found', 'The file is not indexed with the model in use.', {
      path: media.path,
      hint: 'Index it first; questions are answered from what indexing keeps.',
    });
  }
  if (scope.kind === 'moment') {
    const clip = store.clipAt(media.id, scope.at, packRevision);
    return { moments: clip ? [momentOf(media, clip, 1)] : [], matched: true };
  }
  const lane = await searcher.lane(media.id, query);
  const moments = clips
    .map((clip, index) => momentOf(media, clip, lane.clips[index]?.score ?? 0))
    .sort((a, b) => b.score - a.score || a.start - b.start)
    .slice(0, CLIPS_ASKED);
  return { moments, matched: moments.some(({ match }) => match !== 'none') };
}
