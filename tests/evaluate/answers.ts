/** Questions made from the captions of held-out photographs, asked through `ask`: exact match, and the abstention curve. */
import { ask } from '../../electron/engine/answers/ask.ts';
import { readQuestion, type QuestionKind } from '../../electron/engine/answers/question.ts';
import { answerCalibration } from '../../electron/engine/models/calibration.ts';
import { seeded } from '../unit/vectors/clusters.ts';
import { QUESTION_TYPES, questionsOf, thingsIn, type QuestionType } from './caption-questions.ts';
import { counting, SEED, sampleSize, share, shareOf, type Evaluation } from './evaluation.ts';
import { openHeldOut } from './held-out.ts';

const PHOTOGRAPHS = 300;
/** Confidences of the curve. */
const LEVELS = 10;

/** What came of one question. */
interface Outcome {
  readonly type: QuestionType;
  readonly kind: QuestionKind;
  readonly right: readonly string[];
  readonly confidence: number;
  /** The answer is, to the word, one that a caption gives. */
  readonly correct: boolean;
  /** The model said that it does not know. */
  readonly unknown: boolean;
  /** With the thresholds in use. */
  readonly answered: boolean;
}

/** Accuracy among the questions answered with at least a confidence, for each tenth, and how many that are. */
function curve(outcomes: readonly Outcome[]): object[] {
  return Array.from({ length: LEVELS }, (_, level) => {
    const answered = outcomes.filter(({ confidence }) => confidence >= level / LEVELS);
    return {
      confidence: level / LEVELS,
      coverage: share(answered.length, outcomes.length),
      accuracy: shareOf(answered.map(({ correct }) => correct)),
    };
  });
}

function abstention(outcomes: readonly Outcome[]): object {
  const answered = outcomes.filter((outcome) => outcome.answered);
  return {
    coverage: share(answered.length, outcomes.length),
    accuracyOfAnswered: shareOf(answered.map(({ correct }) => correct)),
    curve: curve(outcomes),
  };
}

/**
 * Asks about photographs of Flickr8k's `val` split, each as a moment of its own. Exact match counts every question with the
 * thresholds off, those among the wrong ones to which the model says that it does not know; what the thresholds in use do
 * is told beside it.
 */
export async function evaluateAnswers(evaluation: Evaluation): Promise<object> {
  const { engine, photographs } = await openHeldOut(evaluation);
  try {
    const { store } = engine;
    const [language, searcher] = await Promise.all([engine.language(), engine.searcher()]);
    const random = seeded(SEED);
    const chosen = photographs.slice(0, sampleSize(evaluation, PHOTOGRAPHS));
    const things = chosen.flatMap(({ captions }) => thingsIn(captions));
    const tell = counting('questions about photographs', chosen.length);
    const outcomes: Outcome[] = [];
    const asked = (answer: string): number => outcomes.filter(({ right }) => right[0] === answer).length;
    for (const [turn, { mediaId, captions }] of chosen.entries()) {
      // As many things that are there as are not, though some photographs have none that could be affirmed.
      const affirmed = asked('yes') <= asked('no');
      const scope = { kind: 'moment', mediaId, at: 0 } as const;
      for (const { type, question, right } of questionsOf(captions, {
        affirmed,
        things,
        random,
      })) {
        const reply = await ask({ store, language, searcher, question, scope, evenIfUnsure: true });
        const { kind } = readQuestion(question);
        const confidence = reply.answer === null ? 0 : reply.confidence;
        const correct = right.includes(plainAnswer(reply.answer));
        const answered =
          reply.answer !== null && confidence >= answerCalibration(language.pack, kind).abstainBelow;
        outcomes.push({ type, kind, right, confidence, correct, unknown: reply.answer === null, answered });
      }
      tell(turn + 1);
    }
    const byType = QUESTION_TYPES.map(
      (type) => [type, outcomes.filter((outcome) => outcome.type === type)] as const,
    );
    const kinds = [...new Set(outcomes.map(({ kind }) => kind))];
    return {
      photographs: chosen.length,
      questions: outcomes.length,
      exactMatch: {
        overall: shareOf(outcomes.map(({ correct }) => correct)),
        ...Object.fromEntries(
          byType.map(([type, some]) => [type, shareOf(some.map(({ correct }) => correct))]),
        ),
      },
      unknown: shareOf(outcomes.map(({ unknown }) => unknown)),
      alwaysTheCommonest: Object.fromEntries(byType.map(([type, some]) => [type, commonest(some)])),
      abstention: {
        all: abstention(outcomes),
        ...Object.fromEntries(
          kinds.map((kind) => [kind, abstention(outcomes.filter((outcome) => outcome.kind === kind))]),
        ),
      },
    };
  } finally {
    await engine.close();
  }
}

/** The one answer that is right most often, and how often: what a model that sees nothing could reach. */
function commonest(outcomes: readonly Outcome[]): object | null {
  const counts = new Map<string, number>();
  for (const answer of outcomes.flatMap(({ right }) => right))
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best ? { answer: best[0], ...share(best[1], outcomes.length) } : null;
}

function plainAnswer(answer: string | null): string {
  const plain = (answer ?? '').trim().toLowerCase();
  return plain === 'grey' ? 'gray' : plain;
}
