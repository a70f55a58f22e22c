import type { EngineClient } from '../../../electron/engine/api/client.ts';
import type { Answer, QuestionScope } from '../../../electron/engine/api/shapes.ts';

/** One question and what came of it. */
export interface Turn {
  readonly id: number;
  readonly question: string;
  readonly scope: QuestionScope;
  /** What the scope was called when the question was asked. */
  readonly about: string;
  readonly answer: Answer | null;
  readonly problem: unknown;
}

/** The conversation. It lasts as long as the window. */
export class AskStore {
  turns = $state.raw<readonly Turn[]>([]);
  readonly #engine: EngineClient;
  #nextId = 1;

  constructor(engine: EngineClient) {
    this.#engine = engine;
  }

  async ask(question: string, scope: QuestionScope, about: string): Promise<void> {
    const id = this.#nextId++;
    this.turns = [...this.turns, { id, question, scope, about, answer: null, problem: null }];
    try {
      this.#settle(id, { answer: await this.#engine.call('answers.ask', { question, scope }) });
    } catch (problem) {
      this.#settle(id, { problem });
    }
  }

  clear(): void {
    this.turns = [];
  }

  #settle(id: number, outcome: Partial<Turn>): void {
    this.turns = this.turns.map((turn) => (turn.id === id ? { ...turn, ...outcome } : turn));
  }
}
