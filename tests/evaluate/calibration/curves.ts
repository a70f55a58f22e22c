/** Curves of a score against what is true, and where on them to stand. Pure. */

/** A score, and whether what it stands for is so. */
export interface Scored {
  readonly score: number;
  readonly right: boolean;
}

const rounded = (value: number, digits = 3): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** One point of the curve of abstention: what is answered from a confidence on, and how much of that is right. */
export interface CoveragePoint {
  readonly from: number;
  readonly answered: number;
  readonly of: number;
  readonly right: number;
  /** 0 to 1; null where nothing is answered. */
  readonly accuracy: number | null;
}

/** Coverage against accuracy, for answering from each of the confidences on. */
export function coverageCurve(outcomes: readonly Scored[], levels: readonly number[]): CoveragePoint[] {
  return levels.map((from) => {
    const answered = outcomes.filter(({ score }) => score >= from);
    const right = answered.filter((outcome) => outcome.right).length;
    const accuracy = answered.length === 0 ? null : rounded(right / answered.length);
    return { from, answered: answered.length, of: outcomes.length, right, accuracy };
  });
}

/**
 * The confidence from which to answer so that right answers, less `cost` for each wrong one, come to most. It never goes
 * so high that fewer than `leastCoverage` of the questions are answered: a kind of question that is never answered is no
 * help, and its few best answers are the best guess that there is.
 */
export function bestAbstention(outcomes: readonly Scored[], cost: number, leastCoverage: number): number {
  const ordered = [...outcomes].sort((a, b) => b.score - a.score);
  let gain = 0;
  let best = { gain: -Infinity, from: 1 };
  ordered.forEach(({ score, right }, index) => {
    gain += right ? 1 : -cost;
    const last = ordered[index + 1]?.score !== score;
    if (last && index + 1 >= leastCoverage * ordered.length && gain >= best.gain)
      best = { gain, from: score };
  });
  return Math.floor(best.from * 1000) / 1000;
}

/** One point of the curve of telling two things apart. */
export interface TellingPoint {
  readonly from: number;
  /** Share of those that are so which reach the score. */
  readonly hits: number;
  /** Share of those that are not so which reach it. */
  readonly falseAlarms: number;
}

/** Hits and false alarms at each of the scores. */
export function tellingCurve(outcomes: readonly Scored[], levels: readonly number[]): TellingPoint[] {
  const so = outcomes.filter(({ right }) => right);
  const not = outcomes.filter(({ right }) => !right);
  const reach = (some: readonly Scored[], from: number): number =>
    rounded(some.filter(({ score }) => score >= from).length / Math.max(1, some.length));
  return levels.map((from) => ({ from, hits: reach(so, from), falseAlarms: reach(not, from) }));
}

/** The score that tells best: hits less `weight` times false alarms. */
export function bestTelling(outcomes: readonly Scored[], weight = 1): number {
  const so = outcomes.filter(({ right }) => right).length;
  const not = outcomes.length - so;
  const ordered = [...outcomes].sort((a, b) => b.score - a.score);
  let worth = 0;
  let best = { worth: 0, from: 1 };
  ordered.forEach(({ score, right }, index) => {
    worth += right ? 1 / Math.max(1, so) : -weight / Math.max(1, not);
    if (ordered[index + 1]?.score !== score && worth > best.worth) best = { worth, from: score };
  });
  return Math.floor(best.from * 1000) / 1000;
}

/** The probability that something that is so scores above something that is not (the area under the ROC curve). */
export function areaUnder(outcomes: readonly Scored[]): number {
  const ordered = [...outcomes].sort((a, b) => a.score - b.score);
  let [below, area] = [0, 0];
  for (let at = 0; at < ordered.length;) {
    let end = at;
    while (ordered[end]?.score === ordered[at]!.score) end++;
    const tied = ordered.slice(at, end);
    const not = tied.filter(({ right }) => !right).length;
    area += (tied.length - not) * (below + not / 2);
    below += not;
    at = end;
  }
  const so = outcomes.length - below;
  return so === 0 || below === 0 ? 0.5 : rounded(area / (so * below));
}

/** `count` levels from `from` to `to`. */
export function levelsBetween(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => rounded(from + ((to - from) * i) / (count - 1), 4));
}
