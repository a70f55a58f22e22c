/**
 * `npm start`: the app. `npm start -- FOLDER…`: the same job in this terminal, for machines without a display: the
 * folders are indexed, then queries are answered.
 */
import { parseArgs } from 'node:util';
import { defaultLibrary } from '../engine/library/location.ts';
import { startApp } from './app.ts';
import { searchSession } from './cli/session.ts';

const { values, positionals } = parseArgs({
  options: { library: { type: 'string' } },
  allowPositionals: true,
});
const library = values.library ?? defaultLibrary();

if (positionals.length === 0) {
  process.exitCode = await startApp({ library });
} else {
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    interrupt.abort();
  });
  const streams = { in: process.stdin, out: process.stdout, err: process.stderr };
  process.exitCode = await searchSession(positionals, library, streams, interrupt.signal);
}
