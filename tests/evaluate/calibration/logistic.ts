import { logit, trusted, type Trust } from '../../../electron/engine/models/calibration.ts';

/** Something that a head said, and whether (or how far) it was right. */
export interface Judged {
  /** The head's own probability. */
  readonly own: number;
  /** Cosine of the words with the picture. */
  readonly agreement: number;
  /** 0 to 1. */
  readonly right: number;
}

/** Keeps weights finite where few examples tell them apart: as much as this many examples at zero. */
const RIDGE = 0.5;
const STEPS = 50;

/**
 * The trust under which what was judged is likeliest (logistic regression by Newton's method, with a ridge). A view that
 * would count against what it says has nothing to say: it gets no weight.
 */
export function fitTrust(examples: readonly Judged[]): Trust {
  const whole = fit(examples, [1, 1]);
  const use = [whole.own > 0 ? 1 : 0, whole.agreement > 0 ? 1 : 0] as const;
  return use.includes(0) ? fit(examples, use) : whole;
}

/** @param use 0 leaves out the head's own view, or the encoder's. */
function fit(examples: readonly Judged[], use: readonly [number, number]): Trust {
  const rows = examples.map(({ own, agreement, right }) => ({
    x: [1, use[0] * logit(own), use[1] * agreement],
    right,
  }));
  let weights = [0, 0, 0];
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : RIDGE * weight));
    const curvature = weights.map((_, i) => weights.map((__, j) => (i === j ? RIDGE : 0)));
    for (const { x, right } of rows) {
      const score = x.reduce((sum, value, i) => sum + value * weights[i]!, 0);
      const probability = 1 / (1 + Math.exp(-score));
      for (let i = 0; i < x.length; i++) {
        gradient[i]! += (probability - right) * x[i]!;
        for (let j = 0; j < x.length; j++)
          curvature[i]![j]! += probability * (1 - probability) * x[i]! * x[j]!;
      }
    }
    const move = solved(curvature, gradient);
    weights = weights.map((weight, i) => weight - move[i]!);
    if (Math.hypot(...move) < 1e-9) break;
  }
  const [bias = 0, own = 1, agreement = 0] = weights.map((weight) => Math.round(weight * 1000) / 1000);
  return { bias, own, agreement };
}

/** Solves a small system by elimination. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const size = right.length;
  for (let column = 0; column < size; column++) {
    const pivot = rows
      .map((row, i) => ({ i, size: Math.abs(row[column]!) }))
      .filter(({ i }) => i >= column)
      .reduce((best, other) => (other.size > best.size ? other : best)).i;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let i = 0; i < size; i++) {
      if (i === column) continue;
      const factor = rows[i]![column]! / rows[column]![column]!;
      rows[i] = rows[i]!.map((value, at) => value - factor * rows[column]![at]!);
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}

/**
 * How far stated probabilities are from the shares that come true (expected calibration error), over ten groups of
 * equal size.
 */
export function calibrationError(trust: Trust, examples: readonly Judged[]): number {
  const groups = 10;
  const stated = examples
    .map(({ own, agreement, right }) => ({ stated: trusted(trust, { own, agreement }), right }))
    .sort((a, b) => a.stated - b.stated);
  let error = 0;
  for (let group = 0; group < groups; group++) {
    const some = stated.slice(
      Math.floor((group * stated.length) / groups),
      Math.floor(((group + 1) * stated.length) / groups),
    );
    error += Math.abs(some.reduce((sum, each) => sum + each.stated - each.right, 0));
  }
  return stated.length === 0 ? 0 : error / stated.length;
}
