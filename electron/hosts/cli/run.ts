import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { Engine } from '../../engine/engine.ts';
import { errorOf, isCancelled, reportOf, TubeletError } from '../../engine/errors.ts';
import { DATABASE_NAME } from '../../engine/library/database.ts';
import { defaultLibrary } from '../../engine/library/location.ts';
import { EXIT, type Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import { helpOf, overview } from './help.ts';
import { nearest } from './suggest.ts';
import { Terminal, type Streams } from './terminal.ts';

const COMMON: ParseArgsOptionsConfig = {
  library: { type: 'string' },
  pack: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/**
 * Runs one command line and says how it ended.
 *
 * @param words what stands after `tubelet`
 * @returns the exit code: 0 done, 1 usage, 2 failed, 130 interrupted
 */
export async function runCommandLine(
  words: readonly string[],
  streams: Streams,
  signal: AbortSignal,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const terminal = new Terminal(streams);
  try {
    return await run(words, terminal, signal, environment);
  } catch (error) {
    if (isCancelled(error) || signal.aborted) {
      terminal.note(
        'Stopped. Everything that was indexed so far is kept; the same command goes on from there.',
      );
      return EXIT.interrupted;
    }
    const report = reportOf(error);
    terminal.error(report);
    if (words.includes('--json')) terminal.json({ error: report });
    return report.code === 'usage' ? EXIT.usage : EXIT.failed;
  }
}

async function run(
  words: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const about = name === 'help' && rest[0] !== undefined ? commandNamed(rest[0]) : undefined;
    terminal.line(about === undefined ? overview(COMMANDS) : helpOf(about));
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const command = commandNamed(name);
  const { values, positionals } = parse(command, rest);
  if (values['help'] === true) {
    terminal.line(helpOf(command));
    return EXIT.done;
  }
  const chosen = values['library'];
  const library = typeof chosen === 'string' ? resolve(chosen) : defaultLibrary(environment);
  const pack = typeof values['pack'] === 'string' ? values['pack'] : undefined;
  let engine: Engine | undefined;
  try {
    return await command.run({
      terminal,
      json: values['json'] === true,
      positionals,
      values,
      signal,
      library,
      pack,
      engine: (need) => {
        if (need === 'existing') requireLibrary(library);
        engine ??= Engine.open({ library, ...(pack === undefined ? {} : { pack }) });
        return engine;
      },
    });
  } catch (error) {
    throw withLibrary(error, library);
  } finally {
    await engine?.close();
  }
}

/** SQLite says what is wrong with a library, but not which one it is. */
function withLibrary(error: unknown, library: string): Error {
  const { code, message, path, hint } = reportOf(error, library);
  if (error instanceof TubeletError || code === 'internal' || code === 'cancelled') return errorOf(error);
  return new TubeletError(code, message, {
    cause: error,
    ...(path === undefined ? {} : { path }),
    ...(hint === undefined ? {} : { hint }),
  });
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = COMMANDS.map((candidate) => candidate.name);
  const meant = nearest(name, names);
  throw new TubeletError('usage', `There is no command "${name}".`, {
    hint: meant === undefined ? `The commands are ${names.join(', ')}.` : `Did you mean "${meant}"?`,
  });
}

function parse(
  command: Command,
  words: readonly string[],
): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
      strict: true,
    });
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (cause) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code !== 'string' || !code.startsWith('ERR_PARSE_ARGS_')) throw cause;
    const message = cause instanceof Error ? (cause.message.split('. ')[0] ?? cause.message) : String(cause);
    throw new TubeletError('usage', `${message.replace(/\.$/, '')}.`, {
      hint: `See tubelet ${command.name} --help. A path that begins with a dash is written ./-name.`,
      cause,
    });
  }
}

function requireLibrary(library: string): void {
  if (existsSync(join(library, DATABASE_NAME))) return;
  throw new TubeletError('not-found', 'There is no library here yet.', {
    path: library,
    hint: 'Begin with tubelet index FOLDER, or name another library with --library.',
  });
}
