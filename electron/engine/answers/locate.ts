import { cosine } from '../captions/statements.ts';
import { TubeletError } from '../errors.ts';
import type { Store } from '../library/types.ts';
import { calibrationOf, trusted } from '../models/calibration.ts';
import type { LanguageModel } from '../models/types.ts';
import { boxOfHeat, type Box } from './box.ts';
import { mediaOf } from './evidence.ts';

/** Where a phrase is in a frame. */
export interface Place {
  readonly phrase: string;
  readonly present: boolean;
  /** Fractions of the frame; null where the thing is not there. */
  readonly box: Box | null;
  /** The probability that the thing is there, as measured for the pack. */
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
  const words = phrase.trim().toLowerCase();
  const [scores, [embedding]] = await Promise.all([
    language.locate(store.tokens(clip.id), words),
    language.embedTexts([words]),
  ]);
  const heat = Array.from({ length: grid.rows }, (_, row) => [
    ...scores.subarray(row * grid.columns, (row + 1) * grid.columns),
  ]);
  const { trust, presentFrom } = calibrationOf(language.pack).places;
  const agreement = embedding ? cosine(embedding, store.clipEmbedding(clip.id)) : 0;
  const score = trusted(trust, { own: Math.max(...scores), agreement });
  const box = score >= presentFrom ? boxOfHeat(heat) : null;
  return { phrase, present: box !== null, box, score, heat };
}
