import { TubeletError } from './errors.ts';

/** A value that is made when it is first asked for and shared from then on; a failure is forgotten, so that the next try counts. */
export class Once<T> {
  readonly #make: () => Promise<T>;
  #value: Promise<T> | null = null;
  #ended = false;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  /** @throws TubeletError `cancelled` after the end. */
  get(): Promise<T> {
    if (this.#ended && this.#value === null) {
      return Promise.reject(new TubeletError('cancelled', 'The library is being closed.'));
    }
    this.#value ??= this.#make().catch((error: unknown) => {
      this.#value = null;
      throw error;
    });
    return this.#value;
  }

  /** The value where it was asked for already. */
  get current(): Promise<T> | null {
    return this.#value;
  }

  /** Lets the value go, to be made anew. */
  forget(): void {
    this.#value = null;
  }

  /** From now on nothing is made any more. */
  end(): void {
    this.#ended = true;
  }
}
