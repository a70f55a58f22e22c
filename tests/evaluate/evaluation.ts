import path from 'node:path';
import { Engine } from '../../electron/engine/engine.ts';
import { seeded } from '../unit/vectors/clusters.ts';
import { PACK } from './command-line.ts';

/** Every choice at random is made with this seed. */
export const SEED = 7;

/** What an evaluation works with. */
export interface Evaluation {
  /** Folder of the data sets. */
  readonly data: string;
  /** Folder for the libraries that are made; what is there already is used again. */
  readonly work: string;
  /** Most photographs, scenes or pictures that each part looks at; each part's own number where null. */
  readonly limit: number | null;
  /** Everything there is, where there is no limit. */
  readonly full: boolean;
  /** What calibration finds goes into the pack's manifest. */
  readonly write: boolean;
  /** Folder for what calibration finds as a page with pictures; null for none. */
  readonly report: string | null;
}

/** How many things a part looks at, of which it takes `usual` unless told otherwise. */
export function sampleSize({ limit, full }: Evaluation, usual: number): number {
  return limit ?? (full ? Infinity : usual);
}

/** The items in an order that depends on the seed alone (Fisher and Yates): its beginnings are fair samples. */
export function shuffled<Item>(items: readonly Item[], random: () => number = seeded(SEED)): Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** The library of that name in the working folder, with the pack that is evaluated. */
export function openEngine({ work }: Evaluation, library: string): Engine {
  return Engine.open({
    library: path.join(work, library),
    ...(PACK === undefined ? {} : { pack: PACK }),
  });
}

/** A part of a whole, with both. */
export interface Share {
  readonly right: number;
  readonly of: number;
  /** To one decimal; null of nothing. */
  readonly perCent: number | null;
}

export function share(right: number, of: number): Share {
  return { right, of, perCent: of === 0 ? null : Math.round((1000 * right) / of) / 10 };
}

/** The share of what is true. */
export function shareOf(outcomes: readonly boolean[]): Share {
  return share(outcomes.filter(Boolean).length, outcomes.length);
}

/** Says on the error stream what is being done; standard output holds the result alone. */
export function progress(what: string): void {
  process.stderr.write(`evaluate: ${what}\n`);
}

/** Says after every hundredth thing how far it has come. */
export function counting(what: string, total: number): (done: number) => void {
  return (done) => {
    if (done % 100 === 0 || done === total) progress(`${what}: ${done} of ${total}`);
  };
}
