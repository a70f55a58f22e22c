/**
 * What was measured of a pack on pictures that it was never trained on: how far its words can be trusted, and from where
 * on. Thresholds belong to a model, so they lie in its manifest; a pack that was never measured gets careful defaults.
 */
import { z } from 'zod';

const trust = z.object({ bias: z.number(), own: z.number(), agreement: z.number() });
const share = z.number().min(0).max(1);
const cosine = z.number().min(-1).max(1);
const answer = z.object({ trust, abstainBelow: share });

const rereading = z.object({ weight: z.number().min(0), plausibleFrom: z.number().max(0) });

/** The entry `calibration` of `manifest.json`. */
export const packCalibration = z.object({
  /** The revision that was measured; the entry counts for no other. */
  revision: z.string().min(1),
  captions: z.object({ trust, sameMeaning: cosine }),
  answers: z.object({ sameAnswer: cosine, kinds: z.record(z.string(), answer) }),
  places: z.object({ trust, presentFrom: share }),
  search: rereading.optional(),
});

/**
 * How probable it is that something said is right: a logistic function of two views. `own` weighs the logit of what the
 * head itself gives as its probability, `agreement` the cosine of the words' embedding with the clip's, which comes from
 * the encoder and which neither the decoder nor the localisation head sees.
 */
export type Trust = z.infer<typeof trust>;

/**
 * How much the decoder's reading of a query counts beside the cosine: `weight` for a natural logarithm of probability,
 * less where its mean a token falls below `plausibleFrom`.
 */
export type RereadingCalibration = z.infer<typeof rereading>;

/** What was measured of a pack. */
export type PackCalibration = z.infer<typeof packCalibration>;

/** How answers to one kind of question are trusted, and the probability below which none is given. */
export type AnswerCalibration = PackCalibration['answers']['kinds'][string];

/** Takes a head at its word: where nothing was measured. */
export const AT_ITS_WORD: Trust = { bias: 0, own: 1, agreement: 0 };

/** For packs that were never measured. */
const UNMEASURED: Omit<PackCalibration, 'revision'> = {
  captions: { trust: AT_ITS_WORD, sameMeaning: 0.8 },
  answers: { sameAnswer: 0.9, kinds: {} },
  places: { trust: AT_ITS_WORD, presentFrom: 0.5 },
};
const UNMEASURED_ANSWER: AnswerCalibration = { trust: AT_ITS_WORD, abstainBelow: 0.5 };

/** The part of a pack's facts that matters here. */
interface MeasuredPack {
  readonly revision: string;
  readonly calibration?: PackCalibration;
}

/** What to go by with a pack: what was measured of its very revision, or the defaults. */
export function calibrationOf(pack: MeasuredPack): Omit<PackCalibration, 'revision'> {
  return pack.calibration?.revision === pack.revision ? pack.calibration : UNMEASURED;
}

/** How the answers of a pack to a kind of question are to be taken. */
export function answerCalibration(pack: MeasuredPack, kind: string): AnswerCalibration {
  return calibrationOf(pack).answers.kinds[kind] ?? UNMEASURED_ANSWER;
}

/** Logit of a probability, kept finite. */
export function logit(probability: number): number {
  const inside = Math.min(1 - 1e-4, Math.max(1e-4, probability));
  return Math.log(inside / (1 - inside));
}

/** Something that was said of a clip, before it is known how far to trust it. */
export interface Claim {
  /** The probability that the head itself gives it. */
  readonly own: number;
  /** The cosine of its words with the clip. */
  readonly agreement: number;
}

/** The probability that a claim is right. */
export function trusted(trust: Trust, { own, agreement }: Claim): number {
  const score = trust.bias + trust.own * logit(own) + trust.agreement * agreement;
  return 1 / (1 + Math.exp(-score));
}
