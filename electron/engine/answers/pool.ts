/** Many clips' answers made one: a linear opinion pool over groups of answers that mean the same. Pure. */
import { cosine } from '../captions/statements.ts';

/** What one clip says. */
export interface Vote {
  readonly text: string;
  /** How sure the decoder is, 0 to 1. */
  readonly confidence: number;
  /** How well the clip matches what was asked about; only the ratios count. */
  readonly weight: number;
  readonly embedding: Float32Array;
}

/** The answer that the votes come to. */
export interface PooledAnswer {
  readonly text: string;
  /** 0 to 1: its votes' confidence, by weight, over all votes. */
  readonly confidence: number;
  /** Indices of the votes for it, the strongest first. */
  readonly supporters: readonly number[];
}

/** Which answers mean the same: equal words, or for free answers also embeddings at least `alike` (a cosine). */
export interface PoolRule {
  readonly alike: number | null;
}

const key = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .replace(/^(?:a|an|the|on|in|at) /, '')
    .replace(/^(?:the|a|an) /, '')
    .trim();

const strength = (vote: Vote): number => vote.weight * vote.confidence;

/** The strongest group of votes that mean the same, in the words of its strongest vote; null without any weight. */
export function poolAnswers(votes: readonly Vote[], rule: PoolRule): PooledAnswer | null {
  const total = votes.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= 0) return null;
  const ordered = votes
    .map((vote, index) => ({ vote, index }))
    .sort((a, b) => strength(b.vote) - strength(a.vote));
  const groups: { leader: Vote; members: number[]; strength: number }[] = [];
  for (const { vote, index } of ordered) {
    const same = groups.find(
      ({ leader }) =>
        key(leader.text) === key(vote.text) ||
        (rule.alike !== null && cosine(leader.embedding, vote.embedding) >= rule.alike),
    );
    if (same) {
      same.members.push(index);
      same.strength += strength(vote);
    } else groups.push({ leader: vote, members: [index], strength: strength(vote) });
  }
  const [best] = groups.sort((a, b) => b.strength - a.strength);
  return best
    ? { text: best.leader.text, confidence: best.strength / total, supporters: best.members }
    : null;
}

/** Probabilities from log probabilities of answers that exclude each other. */
export function shares(logProbabilities: readonly number[]): number[] {
  const most = Math.max(...logProbabilities);
  const raised = logProbabilities.map((value) => Math.exp(value - most));
  const sum = raised.reduce((total, value) => total + value, 0);
  return raised.map((value) => value / sum);
}
