import type { ParseArgsOptionsConfig } from 'node:util';
import type { Engine } from '../../engine/engine.ts';
import type { Terminal } from './terminal.ts';

/** What a command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** True where the output is for programs: one JSON value a line. */
  readonly json: boolean;
  readonly positionals: readonly string[];
  /** The values of the command's own options. */
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
  /** The library folder in use. */
  readonly library: string;
  /** The pack that was named instead of the one in the settings. */
  readonly pack: string | undefined;
  /**
   * Opens the library; it is closed when the command ends. `existing`: a library that was never made is an error that
   * says how to begin.
   */
  engine(need: 'existing' | 'made'): Engine;
}

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** After the name: "QUERY [--limit N]". */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What the command's own help says below its usage. */
  readonly details: readonly string[];
  readonly options: ParseArgsOptionsConfig;
  /** Resolves to the exit code. */
  run(context: CommandContext): Promise<number>;
}

/** Exit codes that every command keeps to. */
export const EXIT = { done: 0, usage: 1, failed: 2, interrupted: 130 } as const;
