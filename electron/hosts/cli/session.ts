import { createInterface } from 'node:readline/promises';
import { runCommandLine } from './run.ts';
import type { Streams } from './terminal.ts';

/** Where a session in the terminal reads from and writes to. */
export interface SessionStreams extends Streams {
  readonly in: NodeJS.ReadableStream & { readonly isTTY?: boolean };
}

/**
 * The main job in a terminal: looks at the folders, then answers one query after another until an empty line. Where
 * nobody can type, it ends after the indexing.
 *
 * @returns the exit code, as of the command line
 */
export async function searchSession(
  folders: readonly string[],
  library: string,
  streams: SessionStreams,
  signal: AbortSignal,
): Promise<number> {
  const command = (...words: string[]): Promise<number> =>
    runCommandLine([...words, '--library', library], streams, signal);
  const indexed = await command('index', ...folders);
  if (indexed !== 0 || streams.in.isTTY !== true) return indexed;
  streams.err.write('Describe what you are looking for. An empty line ends.\n');
  const prompt = createInterface({ input: streams.in, output: streams.err });
  try {
    for (;;) {
      const query = (await prompt.question('> ', { signal })).trim();
      if (query === '') return 0;
      await command('search', '--', query);
    }
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  } finally {
    prompt.close();
  }
}
