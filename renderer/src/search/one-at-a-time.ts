/**
 * Questions that come faster than they can be answered: the first is asked at once, and of those that come meanwhile only
 * the newest waits. A quick typist so asks as often as the engine answers, without a pause after each key.
 */
export class OneAtATime<T> {
  readonly #answer: (question: T) => Promise<void>;
  #waiting: { readonly question: T } | null = null;
  #answering: Promise<void> | null = null;

  /** `answer` never rejects. */
  constructor(answer: (question: T) => Promise<void>) {
    this.#answer = answer;
  }

  /** True while a newer question waits: the answer on its way is already out of date. */
  get outdated(): boolean {
    return this.#waiting !== null;
  }

  ask(question: T): void {
    this.#waiting = { question };
    this.#answering ??= this.#answerAll();
  }

  /** Resolves when everything that was asked so far has been answered or dropped. */
  async settled(): Promise<void> {
    while (this.#answering !== null) await this.#answering;
  }

  /** Drops the question that waits. */
  forget(): void {
    this.#waiting = null;
  }

  async #answerAll(): Promise<void> {
    for (let next = this.#waiting; next !== null; next = this.#waiting) {
      this.#waiting = null;
      await this.#answer(next.question);
    }
    this.#answering = null;
  }
}
