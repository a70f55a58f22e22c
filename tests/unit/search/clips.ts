import type { ClipRow } from '../../../electron/engine/library/types.ts';

/** Clips of one file, four seconds each, one after another; their ids begin at `firstId`. */
export function clipsInARow(count: number, mediaId = 1, firstId = 1): ClipRow[] {
  return Array.from({ length: count }, (_, ordinal) => ({
    id: firstId + ordinal,
    mediaId,
    ordinal,
    start: ordinal * 4,
    end: ordinal * 4 + 4,
    cutBefore: ordinal === 0,
    packRevision: 'r1',
  }));
}
