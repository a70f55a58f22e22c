/** What becomes of the files and paths that an indexing run is given, and their sum. */
import type { ErrorReport } from '../errors.ts';
import type { FileOutcome } from './index-file.ts';

/** What became of a file, or of a path that never became a file of the library. */
export type PathOutcome = Omit<FileOutcome, 'mediaId'>;

/** The end of an indexing run. Seconds. */
export interface IndexSummary {
  readonly files: number;
  readonly indexed: number;
  readonly failed: number;
  readonly clips: number;
  /** Of video. */
  readonly seconds: number;
  readonly elapsed: number;
}

/** Adds up what became of files. */
export class Tally {
  readonly #outcomes: PathOutcome[] = [];

  add(outcome: PathOutcome): void {
    this.#outcomes.push(outcome);
  }

  total(): Omit<IndexSummary, 'elapsed'> {
    const sum = (of: (outcome: PathOutcome) => number): number =>
      this.#outcomes.reduce((total, outcome) => total + of(outcome), 0);
    return {
      files: this.#outcomes.length,
      indexed: sum(({ state }) => Number(state === 'indexed')),
      failed: sum(({ state }) => Number(state !== 'indexed')),
      clips: sum(({ clips }) => clips),
      seconds: sum(({ seconds }) => seconds),
    };
  }
}

/** A path that could not be looked at. */
export function unread(path: string, error: ErrorReport): PathOutcome {
  return { path, state: 'failed', clips: 0, seconds: 0, error };
}
