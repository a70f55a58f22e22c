import type { Generation } from '../models/types.ts';

/**
 * How far a caption can be trusted, 0 to 1: a logistic function of two things known about it.
 *
 * `wordLogit` weighs the decoder's own view (the logit of the geometric mean of its tokens' probabilities), `agreement`
 * the encoder's (the cosine of the caption's embedding with the clip's, which the decoder never sees).
 */
export interface ConfidenceModel {
  readonly bias: number;
  readonly wordLogit: number;
  readonly agreement: number;
}

/** Takes the decoder at its word: the starting point where nothing was measured. */
export const UNCALIBRATED: ConfidenceModel = { bias: 0, wordLogit: 1, agreement: 0 };

/** The model in use. */
export const CAPTION_CONFIDENCE: ConfidenceModel = UNCALIBRATED;

const logit = (probability: number): number => {
  const inside = Math.min(1 - 1e-4, Math.max(1e-4, probability));
  return Math.log(inside / (1 - inside));
};

/** Probability that the caption is right, from the decoder's confidence and its agreement with the clip (a cosine). */
export function captionConfidence(
  generation: Pick<Generation, 'confidence'>,
  agreement: number,
  model: ConfidenceModel = CAPTION_CONFIDENCE,
): number {
  const score = model.bias + model.wordLogit * logit(generation.confidence) + model.agreement * agreement;
  return 1 / (1 + Math.exp(-score));
}
