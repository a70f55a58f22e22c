import type { Moment } from '../../../electron/engine/api/shapes.ts';

/** The query without one of its parts, and without the gap that it leaves. */
export function withoutPart(query: string, part: string): string {
  const at = query.indexOf(part);
  const rest = at < 0 ? query : query.slice(0, at) + query.slice(at + part.length);
  return rest.replace(/\s+/g, ' ').trim();
}

/** How many of `after` are not in `before`: another file, or a stretch that no earlier one overlaps. */
export function newMoments(before: readonly Moment[], after: readonly Moment[]): number {
  return after.filter(
    (moment) =>
      !before.some(
        (known) => known.mediaId === moment.mediaId && known.start <= moment.end && moment.start <= known.end,
      ),
  ).length;
}
