import { TubeletError } from '../errors.ts';
import type { Store } from '../library/types.ts';
import type { LanguageModel } from '../models/types.ts';
import { boxOfHeat, type Box } from './box.ts';
import { mediaOf } from './evidence.ts';

/** The peak of the heat from which a thing is taken to be there; the head gives probabilities. */
export const PRESENT = 0.5;

/** Where a phrase is in a frame. */
export interface Place {
  readonly phrase: string;
  readonly present: boolean;
  /** Fractions of the frame; null where the thing is not there. */
  readonly box: Box | null;
  /** The peak of the heat, 0 to 1. */
  readonly score: number;
  /** Rows of scores, 0 to 1, top to bottom. */
  readonly heat: readonly (readonly number[])[];
}

/**
 * Finds a phrase in the clip at a time, from its stored tokens that keep their place; no video is opened.
 * @throws TubeletError `pack-incapable`, `not-found` (the file, or its clips with this pack), `usage` (no phrase).
 */
export async function locate(options: {
  readonly store: Store;
  readonly language: LanguageModel;
  readonly mediaId: number;
  readonly at: number;
  readonly phrase: string;
}): Promise<Place> {
  const { store, language, mediaId, at, phrase } = options;
  const { grid, revision, capabilities, name } = language.pack;
  if (!capabilities.includes('locate') || grid === null) {
    throw new TubeletError('pack-incapable', `The model ${name} cannot find things in a frame.`, {
      hint: 'Choose a model that can; `models` lists what each can do.',
    });
  }
  if (phrase.trim() === '') {
    throw new TubeletError('usage', 'There is nothing to look for.', {
      hint: 'Name a thing, such as: red car.',
    });
  }
  const media = mediaOf(store, mediaId);
  const clip = store.clipAt(mediaId, at, revision);
  if (!clip) {
    throw new TubeletError('not-found', 'The file is not indexed with the model in use.', {
      path: media.path,
      hint: 'Index it first; places are found in what indexing keeps.',
    });
  }
  const scores = await language.locate(store.tokens(clip.id), phrase.trim().toLowerCase());
  const heat = Array.from({ length: grid.rows }, (_, row) => [
    ...scores.subarray(row * grid.columns, (row + 1) * grid.columns),
  ]);
  const score = Math.max(...scores);
  const box = score >= PRESENT ? boxOfHeat(heat) : null;
  return { phrase, present: box !== null, box, score, heat };
}
