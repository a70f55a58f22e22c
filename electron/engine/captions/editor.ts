import type { NewCaption, Store } from '../library/types.ts';
import type { LanguageModel } from '../models/types.ts';
import {
  NO_HISTORY,
  patchFor,
  redo,
  remember,
  undo,
  type CaptionEdit,
  type EditableCue,
  type EditHistory,
  type Patch,
} from './edit.ts';
import { quickFix, type LintRule } from './lint.ts';
import { keepRemoved, removedStretches } from './removed.ts';
import { timeCues } from './timing.ts';
import { timingContext } from './track.ts';
import { TubeletError } from '../errors.ts';

/** The captions of one file under a person's hands: each edit is kept at once, and can be undone. */
export class CaptionEditor {
  readonly #store: Store;
  readonly #language: LanguageModel;
  readonly #mediaId: number;
  #history: EditHistory = NO_HISTORY;
  /** Deleted captions get ids of their own in the history: the database may give theirs to others. */
  #lastGone = -1_000_000;

  constructor(options: {
    readonly store: Store;
    readonly language: LanguageModel;
    readonly mediaId: number;
  }) {
    this.#store = options.store;
    this.#language = options.language;
    this.#mediaId = options.mediaId;
  }

  /** All captions of the file in time order. */
  get cues(): EditableCue[] {
    return this.#store
      .captions(this.#mediaId)
      .map(({ id, start, end, text, confidence, source }) => ({ id, start, end, text, confidence, source }));
  }

  get canUndo(): boolean {
    return this.#history.done.length > 0;
  }

  get canRedo(): boolean {
    return this.#history.undone.length > 0;
  }

  /** @throws TubeletError as `patchFor`. */
  async perform(edit: CaptionEdit): Promise<void> {
    await this.#remember(patchFor(this.cues, edit));
  }

  /** The captions as they are shown as subtitles, which is what the rules judge: see `timeCues`. */
  get shown(): EditableCue[] {
    const media = this.#store.media(this.#mediaId);
    return media === undefined ? [] : timeCues(this.cues, timingContext(this.#store, media));
  }

  /** Mends one rule at one caption. @throws TubeletError `usage` where the fix cannot help, `not-found`. */
  async fix(id: number, rule: LintRule): Promise<void> {
    const cues = this.shown;
    const media = this.#store.media(this.#mediaId);
    const index = cues.findIndex((cue) => cue.id === id);
    const before = this.cues;
    const kept = before.find((cue) => cue.id === id);
    if (!media || !kept) throw new TubeletError('not-found', 'That caption no longer exists.');
    const fixed = quickFix(cues, index, rule, timingContext(this.#store, media));
    if (!fixed) {
      throw new TubeletError('usage', 'There is no room to mend that by itself.', {
        hint: 'Shorten the text, or move the captions beside it.',
      });
    }
    const lowest = Math.min(0, ...before.map((cue) => cue.id));
    const added = fixed.slice(index, index + 1 + fixed.length - cues.length).map((cue, part) => ({
      ...cue,
      id: part === 0 ? id : lowest - part,
      source: 'user' as const,
      confidence: 1,
    }));
    await this.#remember({ removed: [kept], added });
  }

  /** False where there was nothing to undo. */
  async undo(): Promise<boolean> {
    return this.#travel(undo(this.#history));
  }

  /** False where there was nothing to do again. */
  async redo(): Promise<boolean> {
    return this.#travel(redo(this.#history));
  }

  async #remember(patch: Patch): Promise<void> {
    const kept = await this.#keep(patch);
    this.#history = remember(this.#history, kept);
  }

  async #travel(step: { patch: Patch; history: EditHistory } | null): Promise<boolean> {
    if (!step) return false;
    const before = this.#history;
    this.#history = step.history;
    try {
      await this.#keep(step.patch);
    } catch (error) {
      this.#history = before;
      throw error;
    }
    return true;
  }

  /** Writes a patch to the library; returns it with the ids under which its captions are kept now. */
  async #keep(patch: Patch): Promise<Patch> {
    const revision = this.#language.pack.revision;
    const embeddings =
      patch.added.length === 0 ? [] : await this.#language.embedTexts(patch.added.map(({ text }) => text));
    const kept = new Map(patch.removed.map((cue) => [cue.id, cue]));
    const ids = new Map<number, number>();
    patch.added.forEach((cue, index) => {
      const { start, end, text, confidence, source } = cue;
      const row: NewCaption = {
        ...{ mediaId: this.#mediaId, start, end, text, confidence, source },
        ...{ embedding: embeddings[index] ?? null, packRevision: revision },
      };
      if (kept.has(cue.id)) this.#store.updateCaption(cue.id, row);
      else ids.set(cue.id, this.#store.insertCaption(row).id);
    });
    const staying = new Set(patch.added.map(({ id }) => id));
    for (const { id } of patch.removed) {
      if (staying.has(id)) continue;
      this.#store.deleteCaption(id);
      ids.set(id, (this.#lastGone -= 1));
    }
    this.#keepRemoved(patch);
    return this.#rename(patch, ids);
  }

  /** The model's captions that a person takes away stay away; those that come back may be written again. */
  #keepRemoved({ removed, added }: Patch): void {
    const gone = removed.filter(({ source }) => source === 'model');
    const back = added.filter(({ source }) => source === 'model');
    if (gone.length === 0 && back.length === 0) return;
    const same = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
      a.start === b.start && a.end === b.end;
    const stretches = removedStretches(this.#store, this.#mediaId).filter(
      (stretch) => !back.some((cue) => same(cue, stretch)),
    );
    const taken = gone
      .filter((cue) => !back.some((other) => same(cue, other)))
      .map(({ start, end }) => ({ start, end }));
    keepRemoved(this.#store, this.#mediaId, [...stretches, ...taken]);
  }

  /** The database chooses ids: the history follows, so that older patches still find their captions. */
  #rename(patch: Patch, ids: ReadonlyMap<number, number>): Patch {
    if (ids.size === 0) return patch;
    const renamed = (cue: EditableCue): EditableCue => ({ ...cue, id: ids.get(cue.id) ?? cue.id });
    const follow = (each: Patch): Patch => ({
      removed: each.removed.map(renamed),
      added: each.added.map(renamed),
    });
    this.#history = { done: this.#history.done.map(follow), undone: this.#history.undone.map(follow) };
    return follow(patch);
  }
}
