import { basename, sep } from 'node:path';
import type { MediaSummary } from '../../engine/api/shapes.ts';
import type { MediaRow, RootRow } from '../../engine/library/types.ts';

/** A file as lists show it. `packRevision` is the one in use: files seen with another are stale. */
export function summaryOf(media: MediaRow, root: RootRow | undefined, packRevision: string): MediaSummary {
  return {
    id: media.id,
    name: basename(media.path),
    folder: folderOf(media.path, root),
    rootId: media.rootId,
    kind: media.kind,
    state: media.state,
    stale: media.state === 'indexed' && media.packRevision !== packRevision,
    error: media.error === null ? null : { ...media.error },
    duration: Math.max(0, media.facts?.duration ?? 0),
    width: media.facts?.width ?? 0,
    height: media.facts?.height ?? 0,
    bytes: media.bytes,
    date: media.facts?.takenAt ?? media.modifiedAt,
    clipCount: media.clipCount,
    poster: hasThumbnails(media) ? media.fingerprint : null,
    mode: media.mode,
  };
}

/** Thumbnails are still being written while a file is looked at; of a file that failed there may be some. */
function hasThumbnails({ state, clipCount }: Pick<MediaRow, 'state' | 'clipCount'>): boolean {
  return state === 'indexed' || (clipCount > 0 && state !== 'indexing');
}

/** The folder relative to its root, with '/' between parts; '' for the root itself and for a root that is a file. */
function folderOf(path: string, root: RootRow | undefined): string {
  if (root === undefined || root.path === path) return '';
  const from = root.path.endsWith(sep) ? root.path.length : root.path.length + 1;
  return path.slice(from, Math.max(from, path.lastIndexOf(sep))).replaceAll(sep, '/');
}
