import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { TubeletError } from '../../engine/errors.ts';
import { posterFileName } from '../../engine/media/poster.ts';
import { sheetFileName } from '../../engine/media/thumbnails.ts';
import type { MediaFacts } from '../../engine/media/types.ts';
import type { Log } from '../contract/log.ts';

/** Where a file of the library is, as the engine knows it. */
export interface MediaPlace {
  readonly id: number;
  readonly path: string;
  /** The folder (or the file itself) that the person gave. */
  readonly root: string;
  /** Null until the file has been looked at. */
  readonly facts: MediaFacts | null;
  /** Folder of its sheets of thumbnails; null where there are none. */
  readonly thumbnails: string | null;
}

/** Looks files up by id. In the Node host the engine itself, in Electron a question to the engine's process. */
export interface MediaPlaces {
  place(id: number): Promise<MediaPlace | undefined>;
}

/** A file that may be opened: it exists, is a plain file, and truly lies inside a root. */
export interface OpenableFile {
  /** With every link resolved: what is opened is what was checked. */
  readonly path: string;
  readonly bytes: number;
  readonly place: MediaPlace;
}

/**
 * The file of an id, or a refusal (written to the log). The page never says a path; still the library may hold a
 * path that meanwhile became a link to somewhere else, so the real path is checked against the real root each time.
 *
 * @throws TubeletError `not-found` for an unknown id or a file that is gone, `outside-library` for one that leads out.
 */
export async function openableMedia(places: MediaPlaces, id: number, log: Log): Promise<OpenableFile> {
  const place = await places.place(id);
  if (place === undefined) {
    log({ level: 'refused', what: 'unknown media', detail: String(id) });
    throw new TubeletError('not-found', `There is no file number ${id} in this library.`);
  }
  return await openableInside(place, place.path, place.root, log);
}

/** The image of one sheet of thumbnails of an id; the same refusals as `openableMedia`. */
export async function openableSheet(
  places: MediaPlaces,
  id: number,
  sheet: number,
  log: Log,
): Promise<OpenableFile> {
  const { place, folder } = await thumbnailsOf(places, id, log);
  const name = sheetFileName(place.facts?.kind ?? 'video', sheet);
  return await openableInside(place, join(folder, name), folder, log);
}

/**
 * The poster of an id; the same refusals as `openableMedia`.
 * @param make makes the poster of a video in its thumbnail folder, where an older version left none
 */
export async function openablePoster(
  places: MediaPlaces,
  id: number,
  make: (folder: string) => Promise<void>,
  log: Log,
): Promise<OpenableFile> {
  const { place, folder } = await thumbnailsOf(places, id, log);
  const kind = place.facts?.kind ?? 'video';
  const path = join(folder, posterFileName(kind));
  if (kind === 'video' && !existsSync(path)) await make(folder);
  return await openableInside(place, path, folder, log);
}

async function thumbnailsOf(
  places: MediaPlaces,
  id: number,
  log: Log,
): Promise<{ place: MediaPlace; folder: string }> {
  const place = await places.place(id);
  const folder = place?.thumbnails ?? null;
  if (place === undefined || folder === null) {
    log({ level: 'refused', what: 'no thumbnails', detail: String(id) });
    throw new TubeletError('not-found', `There are no thumbnails of file number ${id}.`);
  }
  return { place, folder };
}

async function openableInside(
  place: MediaPlace,
  path: string,
  root: string,
  log: Log,
): Promise<OpenableFile> {
  let real: string;
  let realRoot: string;
  try {
    [real, realRoot] = await Promise.all([realpath(path), realpath(root)]);
  } catch (error) {
    log({ level: 'refused', what: 'file is gone', detail: path });
    throw new TubeletError('not-found', 'The file is not there any more.', {
      path,
      hint: 'If it is on a disk that is not connected, connect it and look again.',
      cause: error,
    });
  }
  if (real !== realRoot && !real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) {
    log({ level: 'refused', what: 'leads out of the library', detail: `${path} -> ${real}` });
    throw new TubeletError('outside-library', 'The file leads out of its folder and is not opened.', {
      path,
    });
  }
  const facts = await stat(real);
  if (!facts.isFile()) {
    log({ level: 'refused', what: 'not a plain file', detail: real });
    throw new TubeletError('not-found', 'This is not a file.', { path });
  }
  return { path: real, bytes: facts.size, place };
}
