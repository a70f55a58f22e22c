import type { MediaRow } from '../library/types.ts';
import type { Filters } from './query.ts';

/** True where the filters leave anything out at all. */
export function isFiltering(filters: Filters): boolean {
  return Object.keys(filters).length > 0;
}

/** True where the file passes every filter. A photograph has no length: a filter by length leaves it out. */
export function admits(filters: Filters, media: MediaRow): boolean {
  const { folders, longer, shorter, after, before, type, mediaIds } = filters;
  if (mediaIds !== undefined && !mediaIds.includes(media.id)) return false;
  if (type !== undefined && media.kind !== type) return false;
  if (longer !== undefined || shorter !== undefined) {
    const length = media.kind === 'video' ? media.facts?.duration : undefined;
    if (length === undefined || length < (longer ?? 0) || length > (shorter ?? Infinity)) return false;
  }
  if (after !== undefined || before !== undefined) {
    const taken = takenAt(media);
    if (taken < (after ?? -Infinity) || taken >= (before ?? Infinity)) return false;
  }
  return folders === undefined || folders.some((folder) => liesIn(media.path, folder));
}

/** When a file was taken, or last changed where it does not say. Milliseconds since 1970. */
export function takenAt(media: MediaRow): number {
  const taken = Date.parse(media.facts?.takenAt ?? '');
  return Number.isNaN(taken) ? Date.parse(media.modifiedAt) : taken;
}

/** True where `folder`, a name or several joined by slashes, is among the folders on the path, whatever their case. */
function liesIn(path: string, folder: string): boolean {
  const parts = (text: string): string[] =>
    text
      .toLocaleLowerCase()
      .split(/[/\\]+/u)
      .filter((part) => part !== '');
  const wanted = parts(folder);
  const on = parts(path).slice(0, -1);
  return wanted.length > 0 && on.some((_, first) => wanted.every((part, i) => on[first + i] === part));
}
