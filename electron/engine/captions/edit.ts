/**
 * What a person can do to captions, as data. Every edit becomes a patch, the captions it takes away and those it puts in
 * their place, so undoing is the same patch turned round. Pure.
 */
import { missingCase, TubeletError } from '../errors.ts';
import { textLines, type Cue } from './cue.ts';

/** A caption with the id under which it is kept; captions that are not kept yet have negative ids. */
export interface EditableCue extends Cue {
  readonly id: number;
}

/** One thing a person does. Times in seconds; `caret` counts UTF-16 units of the text, as text fields do. */
export type CaptionEdit =
  | { readonly kind: 'text'; readonly id: number; readonly text: string }
  | { readonly kind: 'times'; readonly id: number; readonly start: number; readonly end: number }
  | { readonly kind: 'split'; readonly id: number; readonly time: number; readonly caret: number }
  | { readonly kind: 'merge'; readonly id: number }
  | { readonly kind: 'delete'; readonly id: number }
  | { readonly kind: 'insert'; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: 'shift'; readonly ids: readonly number[] | 'all'; readonly by: number };

/** What an edit takes away and what it puts there instead. */
export interface Patch {
  readonly removed: readonly EditableCue[];
  readonly added: readonly EditableCue[];
}

/** Patches done, latest last, and patches undone, the next to be done again last. */
export interface EditHistory {
  readonly done: readonly Patch[];
  readonly undone: readonly Patch[];
}

export const NO_HISTORY: EditHistory = { done: [], undone: [] };

/** Edits that can be undone; older ones are forgotten. */
const MOST_UNDO = 200;

const inTimeOrder = (a: EditableCue, b: EditableCue): number =>
  a.start - b.start || a.end - b.end || a.id - b.id;
const own = { source: 'user', confidence: 1 } as const;

function found(cues: readonly EditableCue[], id: number): EditableCue {
  const cue = cues.find((candidate) => candidate.id === id);
  if (!cue) {
    throw new TubeletError('not-found', 'That caption no longer exists.', {
      hint: 'Reload the list of captions.',
    });
  }
  return cue;
}

function checkedText(text: string): string {
  const lines = textLines(text).join('\n');
  if (lines === '') throw new TubeletError('usage', 'A caption needs words.', { hint: 'Delete it instead.' });
  return lines;
}

function checkTimes(start: number, end: number): void {
  if (!(Number.isFinite(start) && Number.isFinite(end) && start >= 0 && end >= start)) {
    throw new TubeletError('usage', `A caption cannot run from ${start} s to ${end} s.`, {
      hint: 'It starts at 0 or later and ends after it starts.',
    });
  }
}

/** The smallest unused negative id, and those below it. */
function newIds(cues: readonly EditableCue[]): () => number {
  let next = Math.min(0, ...cues.map(({ id }) => id));
  return () => (next -= 1);
}

/**
 * What an edit does to these captions. Whatever a person touches is theirs from then on (source `user`).
 * @throws TubeletError `not-found` for an id that is not there, `usage` for impossible times, texts or splits.
 */
export function patchFor(cues: readonly EditableCue[], edit: CaptionEdit): Patch {
  switch (edit.kind) {
    case 'text': {
      const cue = found(cues, edit.id);
      return { removed: [cue], added: [{ ...cue, ...own, text: checkedText(edit.text) }] };
    }
    case 'times': {
      const cue = found(cues, edit.id);
      checkTimes(edit.start, edit.end);
      return { removed: [cue], added: [{ ...cue, ...own, start: edit.start, end: edit.end }] };
    }
    case 'split': {
      const cue = found(cues, edit.id);
      if (!(edit.time > cue.start && edit.time < cue.end)) {
        throw new TubeletError('usage', `${edit.time} s is not within the caption.`, {
          hint: 'Move to a time inside it, then split.',
        });
      }
      const first = checkedText(cue.text.slice(0, edit.caret));
      const second = checkedText(cue.text.slice(edit.caret));
      return {
        removed: [cue],
        added: [
          { ...cue, ...own, end: edit.time, text: first },
          { ...cue, ...own, id: newIds(cues)(), start: edit.time, text: second },
        ],
      };
    }
    case 'merge': {
      const cue = found(cues, edit.id);
      const ordered = [...cues].sort(inTimeOrder);
      const next = ordered[ordered.indexOf(cue) + 1];
      if (!next) throw new TubeletError('usage', 'There is no caption after this one to merge with.');
      const text = cue.text === next.text ? cue.text : `${cue.text}\n${next.text}`;
      return { removed: [cue, next], added: [{ ...cue, ...own, end: Math.max(cue.end, next.end), text }] };
    }
    case 'delete':
      return { removed: [found(cues, edit.id)], added: [] };
    case 'insert': {
      checkTimes(edit.start, edit.end);
      const text = checkedText(edit.text);
      return { removed: [], added: [{ ...own, id: newIds(cues)(), start: edit.start, end: edit.end, text }] };
    }
    case 'shift': {
      const moved = edit.ids === 'all' ? cues : edit.ids.map((id) => found(cues, id));
      return {
        removed: moved,
        added: moved.map((cue) => {
          checkTimes(cue.start + edit.by, cue.end + edit.by);
          return { ...cue, ...own, start: cue.start + edit.by, end: cue.end + edit.by };
        }),
      };
    }
    default:
      return missingCase(edit);
  }
}

/** The captions after a patch, in time order. */
export function applyPatch(cues: readonly EditableCue[], patch: Patch): EditableCue[] {
  const gone = new Set(patch.removed.map(({ id }) => id));
  return [...cues.filter(({ id }) => !gone.has(id)), ...patch.added].sort(inTimeOrder);
}

/** The patch that takes a patch back. */
export function inverted({ removed, added }: Patch): Patch {
  return { removed: added, added: removed };
}

/** The history after a new patch: what was undone before can no longer be done again. */
export function remember({ done }: EditHistory, patch: Patch): EditHistory {
  return { done: [...done, patch].slice(-MOST_UNDO), undone: [] };
}

/** The patch to apply in order to undo, and the history after it; null where there is nothing to undo. */
export function undo({ done, undone }: EditHistory): { patch: Patch; history: EditHistory } | null {
  const last = done.at(-1);
  if (!last) return null;
  return { patch: inverted(last), history: { done: done.slice(0, -1), undone: [...undone, last] } };
}

/** The patch to apply in order to do again what was undone, and the history after it; null where there is none. */
export function redo({ done, undone }: EditHistory): { patch: Patch; history: EditHistory } | null {
  const last = undone.at(-1);
  if (!last) return null;
  return { patch: last, history: { done: [...done, last], undone: undone.slice(0, -1) } };
}
