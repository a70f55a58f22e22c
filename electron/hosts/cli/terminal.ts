import type { ErrorReport } from '../../engine/errors.ts';
import { aboutText, nameText } from './format.ts';

/** Where the command line writes: results to one stream, everything else to the other. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

const BAR = 20;

/** Results go to standard output, progress and errors to standard error; a bar is drawn only on a terminal. */
export class Terminal {
  readonly #streams: Streams;
  #bar = false;

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  /** A line of the result. */
  line(text: string): void {
    this.#clear();
    this.#streams.out.write(`${text}\n`);
  }

  /** A result for programs: one JSON value a line. */
  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** Something a person should know that is not the result. */
  note(text: string): void {
    this.#clear();
    this.#streams.err.write(`${text}\n`);
  }

  /** What went wrong, with which file, and what to do. */
  error({ message, path, hint }: ErrorReport): void {
    const where = path === undefined || message.includes(path) ? '' : ` (${nameText(path)})`;
    this.note(`tubelet: ${message}${where}`);
    if (hint !== undefined) this.note(`  ${hint}`);
  }

  /** Draws the bar, on a terminal; nothing in a pipe. */
  progress(fraction: number, what: string, secondsLeft: number | null): void {
    const { err } = this.#streams;
    if (err.isTTY !== true) return;
    const full = Math.round(fraction * BAR);
    const left = secondsLeft === null ? '' : `  ${aboutText(secondsLeft)} left`;
    const percent = `${Math.floor(fraction * 100)} %`.padStart(5);
    // The name comes last, because a narrow window cuts off the end.
    const text = `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${percent}${left}  ${nameText(what)}`;
    const room = (err.columns ?? 80) - 1;
    err.write(`\r\u001B[K${text.length > room ? `${text.slice(0, room - 1)}…` : text}`);
    this.#bar = true;
  }

  #clear(): void {
    if (!this.#bar) return;
    this.#bar = false;
    this.#streams.err.write('\r\u001B[K');
  }
}
