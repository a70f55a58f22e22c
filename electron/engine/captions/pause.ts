import { TubeletError } from '../errors.ts';

/** A gate in front of each step of long work: shut by `pause`, opened by `resume`. */
export class Gate {
  #open: Promise<void> = Promise.resolve();
  #release: (() => void) | null = null;

  get paused(): boolean {
    return this.#release !== null;
  }

  pause(): void {
    if (this.#release) return;
    this.#open = new Promise((resolve) => (this.#release = resolve));
  }

  resume(): void {
    this.#release?.();
    this.#release = null;
  }

  /** Resolves once the gate is open. @throws TubeletError `cancelled` once the signal aborts, paused or not. */
  async pass(signal?: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    if (!this.paused) return;
    if (!signal) return this.#open;
    let wake = (): void => undefined;
    const aborted = new Promise<void>((resolve) => (wake = resolve));
    signal.addEventListener('abort', wake, { once: true });
    await Promise.race([this.#open, aborted]);
    signal.removeEventListener('abort', wake);
    throwIfCancelled(signal);
  }
}

/** @throws TubeletError `cancelled` where the signal has been aborted. */
export function throwIfCancelled(signal?: AbortSignal): void {
  if (signal?.aborted === true) throw new TubeletError('cancelled', 'Cancelled.');
}
