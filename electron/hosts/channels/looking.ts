import { isCancelled, reportOf, type ErrorReport } from '../../engine/errors.ts';
import type { Reconciled, ReconcileOptions } from '../../engine/library/reconcile.ts';

/** What looking for files rests on. */
export interface LookingOptions {
  /** Makes the library agree with what lies at a path. */
  readonly look: (path: string, options: Partial<ReconcileOptions>) => Promise<Reconciled>;
  /** Files may have come or gone. Told now and then while a large folder is looked through, and at its end. */
  readonly onSeen: (mediaIds: readonly number[]) => void;
  /** A folder or file that cannot be read. */
  readonly onProblem: (problem: ErrorReport) => void;
}

const SECOND = 1000;
/** A folder that is looked through within this time answers with what was found, or with why it cannot be. */
const PATIENCE = 1.5 * SECOND;

/** Looks through folders one after another, in the background where one is large. */
export class Looking {
  readonly #options: LookingOptions;
  readonly #stop = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LookingOptions) {
    this.#options = options;
  }

  /**
   * Looks through a path after those before it. Resolves when that is done, or earlier where it takes long: the rest is
   * then told through the listeners.
   *
   * @throws TubeletError `not-found` or `unreadable` for the path itself, where that is known early.
   */
  async look(path: string, options: Partial<ReconcileOptions> = {}): Promise<void> {
    const looked = this.#last.then(() => this.#look(path, options));
    let early = true;
    this.#last = looked.catch((error: unknown) => {
      // Who asked has been answered already: the failure is told as a notice.
      if (!early && !isCancelled(error)) this.#options.onProblem(reportOf(error, path));
    });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, PATIENCE, undefined);
    });
    try {
      await Promise.race([looked, patience]);
    } finally {
      early = false;
      clearTimeout(timer);
    }
  }

  /** Resolves when everything that was asked for so far has been looked through. */
  async settled(): Promise<void> {
    await this.#last;
  }

  /** Stops looking; the rest is found at the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#last;
  }

  async #look(path: string, options: Partial<ReconcileOptions>): Promise<void> {
    const { look, onSeen, onProblem } = this.#options;
    const pulse = setInterval(() => {
      onSeen([]);
    }, SECOND);
    try {
      const seen = await look(path, { ...options, signal: this.#stop.signal });
      onSeen([...seen.added, ...seen.changed, ...seen.moved, ...seen.missing]);
      for (const problem of seen.problems) onProblem(problem);
    } finally {
      clearInterval(pulse);
    }
  }
}
