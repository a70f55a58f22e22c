#!/usr/bin/env node
/** `tubelet`: the command line. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../../engine/library/location.ts';

// Half of what a short command takes is compiling the same files as last time. Where nothing can be kept, they are.
enableCompileCache(join(cacheFolder(), 'code'));
const { runCommandLine } = await import('./run.ts');

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // Whoever asks twice does not want to wait for an orderly end.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
}
// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const streams = { out: process.stdout, err: process.stderr };
process.exitCode = await runCommandLine(process.argv.slice(2), streams, interrupt.signal);
