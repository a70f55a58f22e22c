/**
 * Questions over a moment, a file or the library, answered by the decoder from stored tokens. The question finds the
 * clips that could answer it, each clip answers, the answers are pooled, and weak evidence gives no answer at all.
 */
import { TubeletError } from '../errors.ts';
import type { Store } from '../library/types.ts';
import type { LanguageModel } from '../models/types.ts';
import type { Moment } from '../search/types.ts';
import {
  gatherEvidence,
  mediaOf,
  type Evidence,
  type MomentSearcher,
  type QuestionScope,
} from './evidence.ts';
import { poolAnswers, shares, type PooledAnswer, type Vote } from './pool.ts';
import { readQuestion, type Question, type QuestionKind } from './question.ts';
import { sayWhen } from './times.ts';

/** What the decoder says of a thing that it does not see: it was taught to. */
const UNKNOWN = 'unknown';

/** Answers whose embeddings are at least this alike mean the same; numbers, colours and choices must be equal. */
const SAME_ANSWER = 0.9;

/** Below this confidence nothing is said; docs/answers.md has the curve of accuracy against coverage behind it. */
export const ABSTAIN_BELOW: Readonly<Record<QuestionKind, number>> = {
  presence: 0.6,
  'yes-no': 0.6,
  choice: 0.6,
  count: 0.4,
  colour: 0.4,
  where: 0.4,
  who: 0.4,
  doing: 0.4,
  what: 0.4,
  when: 0,
};

/** A reply: `answer` is null where the evidence is too weak. */
export interface Answer {
  readonly question: string;
  readonly answer: string | null;
  /** 0 to 1; of the answer held back where there is none. */
  readonly confidence: number;
  /** Where the answer was seen, best first (in time order for "when" within one file). */
  readonly moments: readonly Moment[];
}

export interface AskOptions {
  readonly store: Store;
  readonly language: LanguageModel;
  readonly searcher: MomentSearcher;
  readonly question: string;
  readonly scope: QuestionScope;
  /** The least confidence of an answer by kind of question, where it is not to be the measured one. */
  readonly abstainBelow?: Readonly<Record<QuestionKind, number>>;
  readonly signal?: AbortSignal;
}

/**
 * Answers a question and keeps it with its answer in the library.
 * @throws TubeletError `usage` (no words), `pack-incapable`, `not-found` (the scope's file), `cancelled`.
 */
export async function ask(options: AskOptions): Promise<Answer> {
  const { store, question, scope } = options;
  const read = readQuestion(question);
  if (!/[\p{L}\p{N}]/u.test(read.asked)) {
    throw new TubeletError('usage', 'There is no question.', {
      hint: 'Ask something like: what is the dog doing?',
    });
  }
  const reply = read.kind === 'when' ? await answerWhen(read, options) : await answerWhat(read, options);
  const answer = { question, ...reply };
  store.recordQuestion({
    scope: scope.kind,
    mediaId: scope.kind === 'library' ? null : scope.mediaId,
    at: scope.kind === 'moment' ? scope.at : null,
    ...answer,
  });
  return answer;
}

async function answerWhen(question: Question, options: AskOptions): Promise<Omit<Answer, 'question'>> {
  const { store, searcher, scope, signal } = options;
  const oneFile = scope.kind !== 'library';
  if (oneFile) mediaOf(store, scope.mediaId);
  const { moments } = await searcher.moments(question.query, {
    limit: 10,
    ...(oneFile ? { filters: { mediaIds: [scope.mediaId] } } : {}),
    ...(signal ? { signal } : {}),
  });
  const confidence = moments[0]?.score ?? 0;
  const said = sayWhen(moments, oneFile);
  return { answer: said?.text ?? null, confidence, moments: said?.moments ?? moments.slice(0, 3) };
}

async function answerWhat(question: Question, options: AskOptions): Promise<Omit<Answer, 'question'>> {
  const { store, language, searcher, scope, signal, abstainBelow = ABSTAIN_BELOW } = options;
  if (!language.pack.capabilities.includes('answer')) {
    throw new TubeletError('pack-incapable', `The model ${language.pack.name} cannot answer questions.`, {
      hint: 'Choose a model that can; `models` lists what each can do.',
    });
  }
  const evidence = await gatherEvidence({
    ...{ store, searcher, scope, query: question.query, packRevision: language.pack.revision },
    ...(signal ? { signal } : {}),
  });
  const pooled =
    question.kind === 'presence'
      ? await isSeen(question, evidence, options)
      : await opinion(question, evidence, options);
  const nearest = evidence.moments.slice(0, 3);
  if (!pooled) return { answer: null, confidence: 0, moments: nearest };
  const weak =
    pooled.confidence < abstainBelow[question.kind] ||
    pooled.text === UNKNOWN ||
    (!evidence.matched && question.kind !== 'presence');
  const seen = pooled.supporters.flatMap((index) => evidence.moments[index] ?? []);
  return { answer: weak ? null : pooled.text, confidence: pooled.confidence, moments: weak ? nearest : seen };
}

/** What each clip says, pooled by meaning and weighted by match. */
async function opinion(
  question: Question,
  evidence: Evidence,
  options: AskOptions,
): Promise<PooledAnswer | null> {
  const { store, language } = options;
  const said = await Promise.all(
    evidence.moments.map((moment) => answerOfClip(store.tokens(moment.clipId), question, language)),
  );
  const embeddings = await language.embedTexts(said.map(({ text }) => text));
  const votes: Vote[] = said.map(({ text, confidence }, index) => {
    const embedding = embeddings[index] ?? new Float32Array(0);
    return { text, confidence, weight: evidence.moments[index]?.score ?? 0, embedding };
  });
  const exact = question.candidates !== null || question.kind === 'count' || question.kind === 'colour';
  return poolAnswers(votes, { alike: exact ? null : SAME_ANSWER });
}

async function answerOfClip(
  tokens: Float32Array,
  question: Question,
  language: LanguageModel,
): Promise<{ text: string; confidence: number }> {
  if (!question.candidates) {
    const { text, confidence } = await language.answer(tokens, question.asked);
    return { text: text.trim(), confidence: text.trim() === '' ? 0 : confidence };
  }
  const probabilities = shares(await language.scoreAnswers(tokens, question.asked, question.candidates));
  const best = probabilities.indexOf(Math.max(...probabilities));
  return { text: question.candidates[best] ?? UNKNOWN, confidence: probabilities[best] ?? 0 };
}

/** Whether a thing is there at all: one clip that matches and says yes is enough, however many say no. */
async function isSeen(
  question: Question,
  evidence: Evidence,
  options: AskOptions,
): Promise<PooledAnswer | null> {
  const { store, language } = options;
  if (evidence.moments.length === 0) return null;
  const seen = await Promise.all(
    evidence.moments.map(async ({ clipId, score }, index) => {
      const [yes = 0] = shares(
        await language.scoreAnswers(store.tokens(clipId), question.asked, ['yes', 'no']),
      );
      return { index, chance: yes * score };
    }),
  );
  const ordered = seen.sort((a, b) => b.chance - a.chance);
  const best = ordered[0]?.chance ?? 0;
  if (best < 0.5) return { text: 'no', confidence: 1 - best, supporters: [] };
  return {
    text: 'yes',
    confidence: best,
    supporters: ordered.filter(({ chance }) => chance >= 0.5).map(({ index }) => index),
  };
}
