/** What one clip answers: the decoder proposes, the encoder has a say in which proposal it is and how far it is trusted. */
import { cosine } from '../captions/statements.ts';
import type { Store } from '../library/types.ts';
import { answerCalibration, trusted, type Claim } from '../models/calibration.ts';
import type { LanguageModel } from '../models/types.ts';
import { shares } from './pool.ts';
import { statementOf, type Question } from './question.ts';

/** What the decoder says of a thing that it does not see: it was taught to. It is never an answer. */
export const UNKNOWN = 'unknown';

/**
 * What the encoder's view weighs beside the decoder's in choosing an answer: the cosine of the statement that the answer
 * makes, times the pack's scale. Found on held-out photographs, where 0.2 to 0.5 did about equally well.
 */
const AGREEMENT = 0.3;

/** Beams of an answer that the decoder writes: each that it finishes is a proposal. */
const BEAMS = 5;

/** One clip's answer. */
export interface ClipAnswer {
  readonly text: string;
  /** The probability that it is right, as measured for the pack. */
  readonly confidence: number;
}

/** A clip as questions see it. */
export interface AskedClip {
  readonly tokens: Float32Array;
  readonly embedding: Float32Array;
}

/** A clip's tokens and embedding from the library. */
export function askedClip(store: Store, clipId: number): AskedClip {
  return { tokens: store.tokens(clipId), embedding: store.clipEmbedding(clipId) };
}

interface Proposal {
  readonly text: string;
  readonly logProbability: number;
  /** Its probability: of all that could be written, or among the candidates. */
  readonly own: number;
}

/** The answer of a clip to a question that is not about presence; `unknown` where the decoder has no other word. */
export async function answerOfClip(
  clip: AskedClip,
  question: Question,
  language: LanguageModel,
): Promise<ClipAnswer> {
  const claim = await answerClaim(clip, question, language);
  if (claim === null) return { text: UNKNOWN, confidence: 0 };
  return {
    text: claim.text,
    confidence: trusted(answerCalibration(language.pack, question.kind).trust, claim),
  };
}

/** The answer that decoder and encoder together like best, before it is known how far to trust it. */
export async function answerClaim(
  clip: AskedClip,
  question: Question,
  language: LanguageModel,
): Promise<(Claim & { readonly text: string }) | null> {
  const proposals = await proposalsFor(clip, question, language);
  const statements = proposals.map(({ text }) => statementOf(question, text));
  const embeddings = await language.embedTexts(statements);
  const judged = proposals.flatMap(({ text, logProbability, own }, index) => {
    if (text === UNKNOWN) return [];
    const agreement = cosine(embeddings[index] ?? new Float32Array(), clip.embedding);
    const worth = logProbability + AGREEMENT * language.pack.similarityScale * agreement;
    return [{ text, worth, agreement, own }];
  });
  return judged.sort((a, b) => b.worth - a.worth)[0] ?? null;
}

/** Answers with what the decoder gives them; `unknown` is among them where it has a part. */
async function proposalsFor(
  { tokens }: AskedClip,
  { asked, candidates }: Question,
  language: LanguageModel,
): Promise<Proposal[]> {
  if (candidates) {
    const options = [...candidates, UNKNOWN];
    const scores = await language.scoreAnswers(tokens, asked, options);
    const certainty = shares(scores);
    return options.map((text, index) => ({
      text,
      logProbability: scores[index] ?? -Infinity,
      own: certainty[index] ?? 0,
    }));
  }
  const { others = [], ...first } = await language.answer(tokens, asked, { beams: BEAMS });
  return [first, ...others]
    .map(({ text, logProbability }) => ({
      text: text.trim().toLowerCase(),
      logProbability,
      own: Math.exp(logProbability),
    }))
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
}

/** The probability that what a yes/no question says is so. */
export async function isSo(clip: AskedClip, question: Question, language: LanguageModel): Promise<number> {
  const { trust } = answerCalibration(language.pack, 'presence');
  return trusted(trust, await presenceClaim(clip, question, language));
}

/** The decoder's yes against its no, and how near the picture is to what the question says. */
export async function presenceClaim(
  clip: AskedClip,
  question: Question,
  language: LanguageModel,
): Promise<Claim> {
  const [scores, [words]] = await Promise.all([
    language.scoreAnswers(clip.tokens, question.asked, ['yes', 'no']),
    language.embedTexts([statementOf(question, 'yes')]),
  ]);
  const [own = 0] = shares(scores);
  return { own, agreement: words ? cosine(words, clip.embedding) : 0 };
}
