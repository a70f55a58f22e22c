import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest stretch of work, in milliseconds, before other work of the thread gets its turn. */
const SLICE = 8;
/** Items sorted or merged between two looks at the clock. */
const STRETCH = 256;

/** Long work on the engine's thread, done in slices so that a search never waits for the whole of it. */
export class Slices {
  #until = performance.now() + SLICE;

  /** True when others should get their turn: then `turn` has to be awaited. */
  get due(): boolean {
    return performance.now() >= this.#until;
  }

  /** Lets everything else that waits come first. */
  async turn(): Promise<void> {
    await nextTurn();
    this.#until = performance.now() + SLICE;
  }
}

/** The items in order, equal ones as they came: a merge sort that gives way between its stretches. */
export async function sortInSlices<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<T[]> {
  let runs: T[][] = [];
  for (let from = 0; from < items.length; from += STRETCH) {
    if (slices.due) await slices.turn();
    runs.push(items.slice(from, from + STRETCH).sort(compare));
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let k = 0; k < runs.length; k += 2)
      merged.push(await mergeInSlices(runs[k] ?? [], runs[k + 1] ?? [], compare, slices));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function mergeInSlices<T>(
  one: readonly T[],
  other: readonly T[],
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [one[i], other[j]];
    if (a === undefined || b === undefined) return merged.concat(one.slice(i), other.slice(j));
    if (compare(a, b) <= 0) {
      merged.push(a);
      i += 1;
    } else {
      merged.push(b);
      j += 1;
    }
    if (merged.length % STRETCH === 0 && slices.due) await slices.turn();
  }
}
