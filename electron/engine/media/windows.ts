/** The division of shots into clips, as pure arithmetic over sample numbers. */

/** A clip as a run of samples: `first` up to but not including `end`. */
export interface Window {
  readonly first: number;
  readonly end: number;
  readonly cutBefore: boolean;
}

/** Tails shorter than this share of a window are joined to the window before them. */
const SHORTEST_TAIL = 1 / 4;

/**
 * Divides a stream of samples into windows of `length` samples, counted from each shot's beginning. What a shot leaves
 * over becomes a window of its own, or stretches the last one where it is shorter than a quarter. All it remembers
 * is where the open window began, so that a stream may be taken up again at the end of any window.
 */
export class WindowPlanner {
  readonly #length: number;
  readonly #longest: number;
  #first: number;
  #cutBefore: boolean;

  constructor(length: number, from: { first: number; cutBefore: boolean }) {
    this.#length = length;
    this.#longest = length + Math.max(1, Math.ceil(length * SHORTEST_TAIL));
    this.#first = from.first;
    this.#cutBefore = from.cutBefore;
  }

  /** Takes the next sample's number and whether a cut lies before it; returns the windows that are settled by it. */
  push(sample: number, cut: boolean): Window[] {
    const settled: Window[] = [];
    if (cut && sample > this.#first) {
      settled.push({ first: this.#first, end: sample, cutBefore: this.#cutBefore });
      this.#first = sample;
      this.#cutBefore = true;
    }
    if (sample + 1 - this.#first >= this.#longest) {
      const end = this.#first + this.#length;
      settled.push({ first: this.#first, end, cutBefore: this.#cutBefore });
      this.#first = end;
      this.#cutBefore = false;
    }
    return settled;
  }

  /** The last window, where `end` samples have been pushed in all; null where nothing is left over. */
  finish(end: number): Window | null {
    return end > this.#first ? { first: this.#first, end, cutBefore: this.#cutBefore } : null;
  }
}

/**
 * Which samples make the frames of a window: `frames` of them, spread evenly, each the one nearest its place. A window
 * of exactly `frames` samples gives each once; a shorter one repeats, a longer one skips.
 */
export function spread(window: { first: number; end: number }, frames: number): number[] {
  const length = window.end - window.first;
  return Array.from({ length: frames }, (_, i) => window.first + Math.floor(((i + 0.5) * length) / frames));
}

/**
 * The clips of a video that is looked at by key frames only: windows of `seconds` from the beginning, a tail shorter
 * than a quarter joined to the last. Seconds from the first frame.
 */
export function evenWindows(duration: number, seconds: number): { start: number; end: number }[] {
  const whole = Math.floor(duration / seconds);
  const count = Math.max(1, duration - whole * seconds >= seconds * SHORTEST_TAIL ? whole + 1 : whole);
  return Array.from({ length: count }, (_, i) => ({
    start: i * seconds,
    end: i === count - 1 ? duration : (i + 1) * seconds,
  }));
}
