import type { MediaDetail, ThumbnailSheets } from '../../engine/api/shapes.ts';
import { TubeletError } from '../../engine/errors.ts';
import { thumbnailFolder } from '../../engine/library/thumbnails.ts';
import type { MediaRow, Store } from '../../engine/library/types.ts';
import { playability } from '../../engine/media/playability.ts';
import { readSheets } from '../../engine/media/thumbnails.ts';
import type { MediaPlace } from '../media/access.ts';
import { summaryOf } from './summaries.ts';

/** One file with all that the player needs. @throws TubeletError `not-found` */
export async function detailOf(store: Store, mediaId: number, packRevision: string): Promise<MediaDetail> {
  const media = store.media(mediaId);
  if (media === undefined) throw new TubeletError('not-found', 'That file is no longer in the library.');
  const root = store.roots().find(({ id }) => id === media.rootId);
  const { facts } = media;
  const { play, reason } = facts === null ? { play: 'direct' as const, reason: null } : playability(facts);
  return {
    ...summaryOf(media, root, packRevision),
    path: media.path,
    codec: facts?.codec ?? '',
    frameRate: facts?.frameRate ?? 0,
    audioCodec: facts?.audioCodec ?? null,
    playback: { how: play, reason },
    cuts: store
      .clips(mediaId, media.packRevision ?? packRevision)
      .filter((clip) => clip.cutBefore && clip.start > 0)
      .map((clip) => clip.start),
    thumbnails: await sheetsOf(store, media),
    captionCount: store.captions(mediaId).length,
  };
}

/** Where a file lies, for the hosts that serve it; undefined for an id that the library does not have. */
export function placeOf(store: Store, mediaId: number): MediaPlace | undefined {
  const media = store.media(mediaId);
  const root = store.roots().find(({ id }) => id === media?.rootId);
  if (media === undefined || root === undefined) return undefined;
  return {
    id: media.id,
    path: media.path,
    root: root.path,
    facts: media.facts,
    thumbnails: thumbnailFolder(store.directory, media.fingerprint),
  };
}

async function sheetsOf(store: Store, media: MediaRow): Promise<ThumbnailSheets | null> {
  try {
    const sheets = await readSheets(thumbnailFolder(store.directory, media.fingerprint));
    const { cellWidth, cellHeight, columns, rows, secondsPerCell, count } = sheets;
    return { cellWidth, cellHeight, columns, rows, secondsPerCell, count };
  } catch (error) {
    if (error instanceof TubeletError && error.code === 'not-found') return null;
    throw error;
  }
}
