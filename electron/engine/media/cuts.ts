/**
 * Hard cuts, found in the sampled frames. A cut changes both what colours there are and where light and dark lie;
 * a moving camera keeps the colours, a change of light keeps the layout, a flash is over a moment later. Every decision
 * rests on a fixed number of samples around it, so that a reading that begins in the middle decides alike.
 */

/** What is kept of a frame to compare it with its neighbours. */
export interface FrameSignature {
  /** Share of the pixels in each of 8 x 4 x 4 cells of luma and two colour differences; sums to 1. */
  readonly colours: Float32Array;
  /** Mean luma of each cell of a 16 x 16 grid, 0 to 255. */
  readonly layout: Float32Array;
}

/** Samples before and after a place that its decision looks at. */
export const CUT_HISTORY = 5;
export const CUT_LOOKAHEAD = 3;

const GRID = 16;
const COLOUR_CELLS = 8 * 4 * 4;
/** Every how many pixels, on both axes, a frame is looked at. */
const PIXEL_STEP = 2;
/** A place is a cut where its difference is at least this … */
const LEAST_DIFFERENCE = 0.3;
/** … and, unless it is beyond doubt, neither sample beside it changed nearly as much (motion, a quick fade) … */
const BEYOND_DOUBT = 0.6;
const NEIGHBOUR_SHARE = 0.6;
/** … and it stands out this much from the usual difference of its neighbours … */
const PROMINENCE = 2;
/** … and what was before does not come back within the lookahead (a flash, a passing hand). */
const RETURN_SHARE = 0.5;

/** Mean luma up to which a frame may be the dark end of a fade. */
const NEARLY_BLACK = 32;

/** Summarises one square RGB frame of `size` x `size` pixels. */
export function signatureOf(frame: Uint8Array, size: number): FrameSignature {
  const colours = new Float32Array(COLOUR_CELLS);
  const layout = new Float32Array(GRID * GRID);
  const counts = new Float32Array(GRID * GRID);
  for (let y = 0; y < size; y += PIXEL_STEP) {
    const row = Math.floor((y * GRID) / size) * GRID;
    for (let x = 0; x < size; x += PIXEL_STEP) {
      const at = (y * size + x) * 3;
      const r = frame[at] ?? 0;
      const g = frame[at + 1] ?? 0;
      const b = frame[at + 2] ?? 0;
      const luma = 0.299 * r + 0.587 * g + 0.114 * b;
      // Most colours are pale: the square root spreads the middle of the difference axes over more cells.
      const cell = Math.min(7, luma >> 5) * 16 + differenceCell(b - luma) * 4 + differenceCell(r - luma);
      colours[cell] = (colours[cell] ?? 0) + 1;
      const place = row + Math.floor((x * GRID) / size);
      layout[place] = (layout[place] ?? 0) + luma;
      counts[place] = (counts[place] ?? 0) + 1;
    }
  }
  const pixels = Math.ceil(size / PIXEL_STEP) ** 2;
  for (let i = 0; i < colours.length; i++) colours[i] = (colours[i] ?? 0) / pixels;
  for (let i = 0; i < layout.length; i++) layout[i] = (layout[i] ?? 0) / Math.max(1, counts[i] ?? 1);
  return { colours, layout };
}

/** Four cells of a colour difference: clearly below, a little below, a little above, clearly above. */
function differenceCell(difference: number): number {
  if (difference < 0) return difference < -20 ? 0 : 1;
  return difference > 20 ? 3 : 2;
}

/**
 * How unlike two frames are, 0 (the same) to 1: the geometric mean of the change of colours and the change of layout,
 * so that both must change.
 */
export function differenceOf(a: FrameSignature, b: FrameSignature): number {
  return Math.sqrt(colourChange(a.colours, b.colours) * layoutChange(a.layout, b.layout));
}

/** Half the L1 distance of the histograms: the share of pixels that changed colour. */
function colourChange(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / 2;
}

/** Contrast (standard deviation of luma) below which a layout is taken for plain. */
const PLAIN = 4;

/** 1 minus the correlation of light and dark, at most 1. Blind to brightness and contrast. */
function layoutChange(a: Float32Array, b: Float32Array): number {
  const n = a.length;
  const meanA = mean(a);
  const meanB = mean(b);
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 0; i < n; i++) {
    const da = (a[i] ?? 0) - meanA;
    const db = (b[i] ?? 0) - meanB;
    product += da * db;
    squareA += da * da;
    squareB += db * db;
  }
  const deviationA = Math.sqrt(squareA / n);
  const deviationB = Math.sqrt(squareB / n);
  if (deviationA < PLAIN && deviationB < PLAIN) return Math.min(1, Math.abs(meanA - meanB) / 64 + PLAIN / 64);
  const floor = PLAIN * PLAIN * n;
  const correlation = product / Math.sqrt(Math.max(squareA, floor) * Math.max(squareB, floor));
  return Math.min(1, Math.max(0, 1 - correlation));
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * Finds cuts in a stream of samples. `push` takes the samples one by one and answers, `CUT_LOOKAHEAD` samples later,
 * for each whether a cut lies just before it; `finish` answers for the rest.
 */
export class CutFinder {
  readonly #kept: FrameSignature[] = [];
  /** Difference of each kept sample to the one before it; 0 for the first of all. */
  readonly #differences: number[] = [];
  /** Number of samples at the front of `#kept` that have been answered for. */
  #answered = 0;

  push(signature: FrameSignature): boolean[] {
    const last = this.#kept.at(-1);
    this.#differences.push(last === undefined ? 0 : differenceOf(last, signature));
    this.#kept.push(signature);
    return this.#answer(this.#kept.length - CUT_LOOKAHEAD);
  }

  finish(): boolean[] {
    return this.#answer(this.#kept.length);
  }

  #answer(until: number): boolean[] {
    const answers: boolean[] = [];
    while (this.#answered < until) {
      answers.push(this.#isCut(this.#answered));
      this.#answered += 1;
    }
    while (this.#answered > CUT_HISTORY) {
      this.#kept.shift();
      this.#differences.shift();
      this.#answered -= 1;
    }
    return answers;
  }

  #isCut(at: number): boolean {
    const difference = this.#differences[at] ?? 0;
    if (difference < LEAST_DIFFERENCE) return false;
    const from = Math.max(0, at - CUT_HISTORY + 1);
    const until = Math.min(this.#differences.length, at + CUT_LOOKAHEAD);
    const around: number[] = [];
    for (let i = from; i < until; i++) {
      const neighbour = this.#differences[i] ?? 0;
      if (i === at) continue;
      if (Math.abs(i - at) === 1) {
        // Of two neighbouring places only the stronger can be a cut: no shot is a single sample long.
        if (neighbour > difference || (neighbour === difference && i < at)) return false;
        if (difference < BEYOND_DOUBT && neighbour > NEIGHBOUR_SHARE * difference) return false;
      }
      around.push(neighbour);
    }
    if (difference < PROMINENCE * median(around)) return false;
    return !this.#returns(at, difference) && !this.#fades(at);
  }

  /** True where brightness goes on falling to black, or rising out of it, at least half as fast as at `at`. */
  #fades(at: number): boolean {
    const [start, before, now, after] = [at - 2, at - 1, at, at + 1].map((i) => {
      const kept = this.#kept[i];
      return kept === undefined ? undefined : mean(kept.layout);
    });
    if (before === undefined || now === undefined || Math.min(before, now) > NEARLY_BLACK) return false;
    const step = now - before;
    const other = step < 0 ? before - (start ?? before) : (after ?? now) - now;
    return Math.sign(other) === Math.sign(step) && Math.abs(other) >= Math.abs(step) / 2;
  }

  /** True where a sample soon after `at` looks again like the one before it. */
  #returns(at: number, difference: number): boolean {
    const before = this.#kept[at - 1];
    if (before === undefined) return true;
    for (let i = at + 1; i < Math.min(this.#kept.length, at + CUT_LOOKAHEAD); i++) {
      const later = this.#kept[i];
      if (later !== undefined && differenceOf(before, later) < RETURN_SHARE * difference) return true;
    }
    return false;
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
