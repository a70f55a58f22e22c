/**
 * Questions over a moment, a file or the library, answered by the decoder from stored tokens. The question finds the
 * clips that could answer it, each clip answers, the answers are pooled, and weak evidence gives no answer at all.
 */
import { TubeletError } from '../errors.ts';
import type { Store } from '../library/types.ts';
import { answerCalibration, calibrationOf } from '../models/calibration.ts';
import type { LanguageModel } from '../models/types.ts';
import type { Moment } from '../search/types.ts';
import { answerOfClip, askedClip, isSo, UNKNOWN, type AskedClip, type ClipAnswer } from './clip-answer.ts';
import {
  gatherEvidence,
  mediaOf,
  type Evidence,
  type MomentSearcher,
  type QuestionScope,
} from './evidence.ts';
import { poolAnswers, type PooledAnswer, type Vote } from './pool.ts';
import { readQuestion, type Question } from './question.ts';
import { sayWhen } from './times.ts';

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
  /** Answers below the measured confidence are given as well. */
  readonly evenIfUnsure?: boolean;
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
  const { store, language, searcher, scope, signal, evenIfUnsure = false } = options;
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
    pooled.text === UNKNOWN ||
    (!evenIfUnsure && pooled.confidence < answerCalibration(language.pack, question.kind).abstainBelow) ||
    (!evidence.matched && question.kind !== 'presence');
  const seen = pooled.supporters.flatMap((index) => evidence.moments[index] ?? []);
  return { answer: weak ? null : pooled.text, confidence: pooled.confidence, moments: weak ? nearest : seen };
}

/** What each clip says, pooled by meaning and weighted by match. */
async function opinion(
  question: Question,
  evidence: Evidence,
  { store, language }: AskOptions,
): Promise<PooledAnswer | null> {
  const said = await Promise.all(
    evidence.moments.map((moment) => clipSays(askedClip(store, moment.clipId), question, language)),
  );
  const embeddings = await language.embedTexts(said.map(({ text }) => text));
  const votes: Vote[] = said.map(({ text, confidence }, index) => {
    const embedding = embeddings[index] ?? new Float32Array(0);
    return { text, confidence, weight: evidence.moments[index]?.score ?? 0, embedding };
  });
  const alike = question.candidates === null ? calibrationOf(language.pack).answers.sameAnswer : null;
  return poolAnswers(votes, { alike });
}

async function clipSays(clip: AskedClip, question: Question, language: LanguageModel): Promise<ClipAnswer> {
  if (question.kind !== 'yes-no') return answerOfClip(clip, question, language);
  const yes = await isSo(clip, question, language);
  return yes >= 0.5 ? { text: 'yes', confidence: yes } : { text: 'no', confidence: 1 - yes };
}

/**
 * Whether a thing is there at all: one clip that says yes is enough, however many say no. Over a library the clip must
 * match as well, for among very many clips one says yes by chance; where it does not, that is neither a yes nor a no.
 */
async function isSeen(
  question: Question,
  evidence: Evidence,
  { store, language, scope }: AskOptions,
): Promise<PooledAnswer | null> {
  if (evidence.moments.length === 0) return null;
  const seen = await Promise.all(
    evidence.moments.map(async ({ clipId, score }, index) => {
      const so = await isSo(askedClip(store, clipId), question, language);
      return { index, so, chance: scope.kind === 'library' ? score * so : so };
    }),
  );
  const most = Math.max(...seen.map(({ so }) => so));
  if (most < 0.5) return { text: 'no', confidence: 1 - most, supporters: [] };
  const ordered = seen.sort((a, b) => b.chance - a.chance);
  return {
    text: 'yes',
    confidence: ordered[0]?.chance ?? 0,
    supporters: ordered.filter(({ chance }) => chance >= 0.5).map(({ index }) => index),
  };
}
