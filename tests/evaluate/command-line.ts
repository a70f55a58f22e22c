import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const CLI = path.join(import.meta.dirname, '../../electron/hosts/cli/main.ts');

/** The pack to evaluate: the one in use, unless TUBELET_PACK names another. */
export const PACK = process.env['TUBELET_PACK'];

/** One line of `search --json`. */
export interface SearchLine {
  readonly query: string;
  readonly moments: readonly { readonly path: string; readonly score: number; readonly match: string }[];
}

/** Runs a command of Tubelet with `--json` and gives its lines. Its progress goes to this process's error stream. */
export async function tubelet<Line>(library: string, ...words: readonly string[]): Promise<Line[]> {
  const pack = PACK === undefined ? [] : ['--pack', PACK];
  const child = spawn(process.execPath, [CLI, ...words, '--library', library, ...pack, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const output = await text(child.stdout);
  const code = await closed;
  if (code !== 0) throw new Error(`tubelet ${words[0] ?? ''} ended with ${String(code)}.`);
  const lines = output.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Line);
}
