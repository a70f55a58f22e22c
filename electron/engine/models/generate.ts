/**
 * Greedy and beam search over a decoder that is only known by its steps. Several sequences (one a clip) are searched at
 * once; each has its own beam, and the rows of all beams go through the decoder together.
 */
import type { GenerateOptions } from './types.ts';

/** A decoder that remembers what it was given: every row continues a row of the step before. */
export interface Decoding {
  /** Scores of the first token after the prompt: sequences x vocabulary, before the softmax. */
  start(): Promise<Float32Array>;
  /** Row i appends `ids[i]` to row `parents[i]` of the step before; scores of the next token, rows x vocabulary. */
  step(parents: readonly number[], ids: readonly number[]): Promise<Float32Array>;
}

/** Tokens with a meaning of their own. */
export interface Vocabulary {
  readonly size: number;
  readonly end: number;
  /** Tokens that are never written. */
  readonly blocked: readonly number[];
  /** Tokens that may come again freely: small words, marks, and pieces that go on a word. */
  readonly light: ReadonlySet<number>;
}

/** A finished sequence. */
export interface TokenSequence {
  /** Without the end token. */
  readonly tokenIds: readonly number[];
  /** Natural logarithm, end token included; the model's own probabilities, before any token was ruled out. */
  readonly logProbability: number;
  /** Geometric mean of the tokens' probabilities, 0 to 1. */
  readonly confidence: number;
}

interface Hypothesis {
  readonly tokenIds: readonly number[];
  readonly logProbability: number;
  /** The log probability less what was said again costs: what beams are ranked by. */
  readonly worth: number;
  /** Tokens counted in the log probability, end token included. */
  readonly length: number;
  /** Its row in the decoder's last step. */
  readonly row: number;
}

interface Beam {
  readonly live: readonly Hypothesis[];
  readonly finished: readonly Hypothesis[];
}

interface Candidate {
  readonly parent: Hypothesis;
  readonly id: number;
  readonly logProbability: number;
  readonly worth: number;
}

/**
 * The finished sequences of each of `count` beams, best first; there is always at least one.
 *
 * Greedy search (a beam of one) ends with its first end token, a wider beam when no living sequence can still overtake
 * the best finished one. A sequence cut off at `maxTokens` counts only where none came to its end.
 */
export async function generateSequences(
  decoding: Decoding,
  count: number,
  vocabulary: Vocabulary,
  options: GenerateOptions,
): Promise<TokenSequence[][]> {
  let scores = await decoding.start();
  let beams: Beam[] = Array.from({ length: count }, (_, row) => ({
    live: [{ tokenIds: [], logProbability: 0, worth: 0, length: 0, row }],
    finished: [],
  }));
  for (let length = 1; length <= options.maxTokens; length++) {
    const rowScores = scores;
    beams = beams.map((beam) => advance(beam, rowScores, vocabulary, options));
    if (length === options.maxTokens) break;
    const growing = beams.flatMap((beam) => beam.live);
    if (growing.length === 0) break;
    scores = await decoding.step(
      growing.map((hypothesis) => hypothesis.row),
      growing.map((hypothesis) => hypothesis.tokenIds.at(-1) ?? vocabulary.end),
    );
    let row = 0;
    beams = beams.map((beam) => ({
      ...beam,
      live: beam.live.map((hypothesis) => ({ ...hypothesis, row: row++ })),
    }));
  }
  return beams.map((beam) =>
    (beam.finished.length > 0 ? beam.finished : beam.live)
      .toSorted((a, b) => quality(b, options) - quality(a, options))
      .map(sequenceOf),
  );
}

/** One token further: the best continuations of a beam's living sequences, and those that came to their end. */
function advance(beam: Beam, scores: Float32Array, vocabulary: Vocabulary, options: GenerateOptions): Beam {
  if (beam.live.length === 0) return beam;
  // Twice the width, so that a beam stays full when half of its best continuations are ends.
  const ranked = beam.live
    .flatMap((parent) => continuations(parent, scores, vocabulary, options, 2 * options.beams))
    .sort((a, b) => b.worth - a.worth)
    .slice(0, 2 * options.beams);
  const live: Hypothesis[] = [];
  const finished = [...beam.finished];
  ranked.forEach(({ parent, id, logProbability, worth }, rank) => {
    const length = parent.length + 1;
    if (id === vocabulary.end) {
      // An end that is not among the first of the beam is a sentence that nobody would have finished.
      if (rank < options.beams)
        finished.push({ tokenIds: parent.tokenIds, logProbability, worth, length, row: parent.row });
    } else if (live.length < options.beams) {
      live.push({ tokenIds: [...parent.tokenIds, id], logProbability, worth, length, row: parent.row });
    }
  });
  const greedyEnd = options.beams === 1 && finished.length > 0;
  const ended = greedyEnd || (finished.length > 0 && !canOvertake(live, finished, options));
  return { live: ended ? [] : live, finished };
}

/** Whether a living sequence could end up above the best finished one: more tokens never raise its worth. */
function canOvertake(
  live: readonly Hypothesis[],
  finished: readonly Hypothesis[],
  options: GenerateOptions,
): boolean {
  const leader = quality(best(finished, options), options);
  return live.some(({ worth }) => worth / options.maxTokens ** options.lengthPenalty > leader);
}

/** The `width` allowed tokens after a sequence that are worth most, best first. */
function continuations(
  parent: Hypothesis,
  scores: Float32Array,
  vocabulary: Vocabulary,
  options: GenerateOptions,
  width: number,
): Candidate[] {
  const row = scores.subarray(parent.row * vocabulary.size, (parent.row + 1) * vocabulary.size);
  const refused = new Set([...vocabulary.blocked, ...repeating(parent.tokenIds, options.noRepeatNgram)]);
  if (parent.length + 1 < options.minTokens) refused.add(vocabulary.end);
  const said = new Set(
    options.repeatPenalty === 0 ? [] : parent.tokenIds.filter((id) => !vocabulary.light.has(id)),
  );
  const top: { id: number; score: number }[] = [];
  row.forEach((own, id) => {
    const score = said.has(id) ? own - options.repeatPenalty : own;
    const last = top[width - 1];
    if ((last !== undefined && score <= last.score) || refused.has(id)) return;
    let place = Math.min(top.length, width - 1);
    while (place > 0 && (top[place - 1]?.score ?? Infinity) < score) place--;
    top.splice(place, 0, { id, score });
    top.length = Math.min(top.length, width);
  });
  const normaliser = logSumExp(row);
  return top.map(({ id, score }) => ({
    parent,
    id,
    logProbability: parent.logProbability + (row[id] ?? score) - normaliser,
    worth: parent.worth + score - normaliser,
  }));
}

/** Tokens that would complete a sequence of `size` tokens that was there before. */
export function repeating(tokenIds: readonly number[], size: number): number[] {
  if (size < 1 || tokenIds.length < size) return [];
  const tail = tokenIds.slice(tokenIds.length - size + 1);
  const tokens: number[] = [];
  for (let start = 0; start + size <= tokenIds.length; start++) {
    const completion = tokenIds[start + size - 1];
    if (completion !== undefined && tail.every((id, i) => id === tokenIds[start + i]))
      tokens.push(completion);
  }
  return tokens;
}

/** log(sum(exp(scores))), safe from overflow: what turns scores into log probabilities. */
export function logSumExp(scores: Float32Array): number {
  let highest = -Infinity;
  for (const score of scores) if (score > highest) highest = score;
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - highest);
  return highest + Math.log(sum);
}

/** What beams are compared by: their worth over the length to the power of the length penalty. */
function quality({ worth, length }: Hypothesis, { lengthPenalty }: GenerateOptions): number {
  return worth / length ** lengthPenalty;
}

function best(hypotheses: readonly Hypothesis[], options: GenerateOptions): Hypothesis {
  return hypotheses.reduce((leader, other) =>
    quality(other, options) > quality(leader, options) ? other : leader,
  );
}

function sequenceOf({ tokenIds, logProbability, length }: Hypothesis): TokenSequence {
  return { tokenIds, logProbability, confidence: Math.exp(logProbability / length) };
}
