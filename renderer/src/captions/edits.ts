import type { CaptionEdit, Cue } from '../../../electron/engine/api/shapes.ts';

/**
 * The edits that turn a cue into what was typed: its words, its times, both or none. Times that are no times, or that
 * would end before they start, are left alone.
 */
export function changesOf(
  cue: Cue,
  typed: { readonly text: string; readonly start: number | null; readonly end: number | null },
): CaptionEdit[] {
  const edits: CaptionEdit[] = [];
  const text = typed.text.trim();
  if (text !== cue.text) edits.push({ kind: 'text', id: cue.id, text });
  const start = typed.start ?? cue.start;
  const end = typed.end ?? cue.end;
  // The fields show tenths: less than half of one is no change.
  const moved = Math.abs(start - cue.start) >= 0.05 || Math.abs(end - cue.end) >= 0.05;
  if (moved && end > start) edits.push({ kind: 'times', id: cue.id, start, end });
  return edits;
}

/** Where to split: at the playhead when it is inside the cue, otherwise in proportion to the words before the caret. */
export function splitTime(cue: Cue, caret: number, playhead: number): number {
  if (playhead > cue.start + 0.1 && playhead < cue.end - 0.1) return playhead;
  const share = cue.text.length > 0 ? Math.min(Math.max(caret / cue.text.length, 0.1), 0.9) : 0.5;
  return cue.start + share * (cue.end - cue.start);
}
