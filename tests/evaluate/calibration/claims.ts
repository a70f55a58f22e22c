/** What the app says of held-out photographs, before it is known how far to trust it, and whether it is right. */
import { answerClaim, presenceClaim } from '../../../electron/engine/answers/clip-answer.ts';
import { readQuestion, type Question, type QuestionKind } from '../../../electron/engine/answers/question.ts';
import { captionClaim } from '../../../electron/engine/captions/choosing.ts';
import { cosine } from '../../../electron/engine/captions/statements.ts';
import type { LanguageModel } from '../../../electron/engine/models/types.ts';
import { seeded } from '../../unit/vectors/clusters.ts';
import { questionsOf, thingsIn } from '../caption-questions.ts';
import { counting, SEED } from '../evaluation.ts';
import type { IndexedPhotograph } from '../held-out.ts';
import { withArticle, type PlacesAsked } from '../places.ts';
import { isAnswerable, meaningWords } from './subjects.ts';
import type { Judged } from './logistic.ts';

/** Captions that are decoded together. */
const BATCH = 8;

/** An answer that was judged; `answerable` is false for a question about something that is not in the picture. */
export interface JudgedAnswer extends Judged {
  readonly kind: QuestionKind;
  readonly answerable: boolean;
}

/**
 * Captions: a caption is as right as the share of its words of meaning that at least one of five people used of the same
 * photograph.
 */
export async function captionClaims(
  photographs: readonly IndexedPhotograph[],
  language: LanguageModel,
): Promise<Judged[]> {
  const tell = counting('captions judged', photographs.length);
  const judged: Judged[] = [];
  for (let from = 0; from < photographs.length; from += BATCH) {
    const batch = photographs.slice(from, from + BATCH);
    const generations = await language.captionMany(batch.map(({ tokens }) => tokens));
    for (const [index, generation] of generations.entries()) {
      const { captions, embedding } = batch[index]!;
      const { text, own, agreement } = await captionClaim(generation, embedding, language);
      const said = new Set(captions.flatMap(meaningWords));
      const words = meaningWords(text);
      const right = words.filter((word) => said.has(word)).length / Math.max(1, words.length);
      tell(judged.push({ own, agreement, right }));
    }
  }
  return judged;
}

/**
 * Answers to the questions that captions settle, and for each photograph one question of another that has no answer here:
 * any answer to that is wrong.
 */
export async function answerClaims(
  photographs: readonly IndexedPhotograph[],
  language: LanguageModel,
): Promise<JudgedAnswer[]> {
  const random = seeded(SEED);
  const things = photographs.flatMap(({ captions }) => thingsIn(captions));
  const tell = counting('answers judged', photographs.length);
  const judged: JudgedAnswer[] = [];
  const elsewhere: Question[] = [];
  for (const [turn, photograph] of photographs.entries()) {
    const { captions } = photograph;
    const asked = questionsOf(captions, { affirmed: turn % 2 === 0, things, random }).map(
      ({ question, right }) => ({ question: readQuestion(question), right }),
    );
    const stray = elsewhere.findIndex((question) => !isAnswerable(question.query, captions));
    const strays = stray === -1 ? [] : elsewhere.splice(stray, 1);
    for (const { question, right } of asked) judged.push(...(await answered(photograph, question, right)));
    for (const question of strays) judged.push(...(await answered(photograph, question, null)));
    elsewhere.push(...asked.map(({ question }) => question).filter(({ kind }) => kind !== 'presence'));
    tell(turn + 1);
  }
  return judged;

  async function answered(
    clip: IndexedPhotograph,
    question: Question,
    right: readonly string[] | null,
  ): Promise<JudgedAnswer[]> {
    const { kind } = question;
    if (kind === 'presence') {
      const claim = await presenceClaim(clip, question, language);
      return [{ kind, answerable: true, ...claim, right: right?.includes('yes') === true ? 1 : 0 }];
    }
    const claim = await answerClaim(clip, question, language);
    if (claim === null) return [];
    const { text, own, agreement } = claim;
    return [
      { kind, answerable: right !== null, own, agreement, right: right?.includes(text) === true ? 1 : 0 },
    ];
  }
}

/** Places: the peak of the heat for a class that a detector finds in the photograph, or for one that it does not. */
export async function placeClaims(asked: readonly PlacesAsked[], language: LanguageModel): Promise<Judged[]> {
  const tell = counting('places judged', asked.length);
  const judged: Judged[] = [];
  for (const [turn, { photograph, present, absent }] of asked.entries()) {
    for (const kind of [...present, ...absent]) {
      const phrase = withArticle(kind);
      const [heat, [words]] = await Promise.all([
        language.locate(photograph.tokens, phrase),
        language.embedTexts([phrase]),
      ]);
      const agreement = words ? cosine(words, photograph.embedding) : 0;
      judged.push({ own: Math.max(...heat), agreement, right: present.includes(kind) ? 1 : 0 });
    }
    tell(turn + 1);
  }
  return judged;
}
