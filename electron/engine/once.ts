/** A value that is made when it is first asked for and shared from then on; a failure is forgotten, so that the next try counts. */
export class Once<T> {
  readonly #make: () => Promise<T>;
  #value: Promise<T> | null = null;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  get(): Promise<T> {
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
}
