/** From answers that were judged to the trust in each kind of answer, and to the confidence from which one is given. */
import type { QuestionKind } from '../../../electron/engine/answers/question.ts';
import {
  AT_ITS_WORD,
  trusted,
  type AnswerCalibration,
  type Trust,
} from '../../../electron/engine/models/calibration.ts';
import type { JudgedAnswer } from './claims.ts';
import { bestAbstention, coverageCurve, levelsBetween, type CoveragePoint, type Scored } from './curves.ts';
import { fitTrust } from './logistic.ts';

/**
 * A wrong answer costs half of what a right one gains: to the word is a strict judge, and many an answer that it calls
 * wrong ("jacket" for "coat") would pass with a person.
 */
const COST = 0.5;
/** Of each kind, at least this share of questions is answered. */
const LEAST_COVERAGE = 0.2;
/** Fewer examples of a kind say too little to fit it by itself. */
const LEAST_EXAMPLES = 40;

const FREE: readonly QuestionKind[] = ['what', 'where', 'doing'];

/** The confidence in an answer, and whether it is right; of presence, the confidence in whichever of yes and no it says. */
function outcome(trust: Trust, answer: JudgedAnswer): Scored {
  const probability = trusted(trust, answer);
  if (answer.kind !== 'presence') return { score: probability, right: answer.right === 1 };
  const yes = probability >= 0.5;
  return { score: yes ? probability : 1 - probability, right: yes === (answer.right === 1) };
}

/** The calibration of each kind of question. */
export function fitAnswers(judged: readonly JudgedAnswer[]): Record<string, AnswerCalibration> {
  const fit = (some: readonly JudgedAnswer[]): AnswerCalibration => {
    const trust = some.length < LEAST_EXAMPLES ? AT_ITS_WORD : fitTrust(some);
    const outcomes = some.map((answer) => outcome(trust, answer));
    return { trust, abstainBelow: bestAbstention(outcomes, COST, LEAST_COVERAGE) };
  };
  const kinds = [...new Set(judged.map(({ kind }) => kind))].sort();
  const own = kinds.map((kind) => [kind, fit(judged.filter((answer) => answer.kind === kind))] as const);
  const all = new Map<string, AnswerCalibration>(own);
  // Kinds that captions give no questions of go by those that are answered in the same way.
  if (!all.has('who')) all.set('who', fit(judged.filter(({ kind }) => FREE.includes(kind))));
  const presence = all.get('presence');
  if (presence && !all.has('yes-no')) all.set('yes-no', presence);
  return Object.fromEntries(all);
}

/** What the thresholds do to questions of one kind, or of all. */
export interface AbstentionReport {
  readonly questions: number;
  /** Of these, about something that is not in the picture. */
  readonly unanswerable: number;
  /** Share right if every question is answered. */
  readonly accuracyOfAll: number;
  /** Share answered, and share right of those, with the thresholds. */
  readonly coverage: number;
  readonly accuracy: number;
  readonly unanswerableAnswered: number;
  readonly curve: readonly CoveragePoint[];
}

/** How questions that nothing was fitted on fare. */
export function answersReport(
  kinds: Readonly<Record<string, AnswerCalibration>>,
  judged: readonly JudgedAnswer[],
): Record<string, AbstentionReport> {
  const named = [...new Set(judged.map(({ kind }) => kind))].sort();
  const report = (some: readonly JudgedAnswer[]): AbstentionReport => {
    const outcomes = some.map((answer) => {
      const { trust, abstainBelow } = kinds[answer.kind] ?? { trust: AT_ITS_WORD, abstainBelow: 0 };
      const { score, right } = outcome(trust, answer);
      return { score, right, answerable: answer.answerable, answered: score >= abstainBelow };
    });
    const answered = outcomes.filter((each) => each.answered);
    const part = (of: readonly unknown[], whole: readonly unknown[]): number =>
      Math.round((1000 * of.length) / Math.max(1, whole.length)) / 1000;
    return {
      questions: some.length,
      unanswerable: outcomes.filter(({ answerable }) => !answerable).length,
      accuracyOfAll: part(
        outcomes.filter(({ right }) => right),
        outcomes,
      ),
      coverage: part(answered, outcomes),
      accuracy: part(
        answered.filter(({ right }) => right),
        answered,
      ),
      unanswerableAnswered: answered.filter(({ answerable }) => !answerable).length,
      curve: coverageCurve(outcomes, levelsBetween(0, 0.95, 20)),
    };
  };
  return {
    all: report(judged),
    ...Object.fromEntries(
      named.map((kind) => [kind, report(judged.filter((answer) => answer.kind === kind))]),
    ),
  };
}
