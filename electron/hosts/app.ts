import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reportOf } from '../engine/errors.ts';
import { obtainElectron } from './electron-program.ts';
import { pagePlaces, ensurePage } from './http/page-build.ts';
import { serve, untilStopped, type ServeOptions } from './http/serve.ts';

/** Exit code of an app that could not start. */
const FAILED = 2;

/**
 * Starts the app: in Electron where its program is there, otherwise, saying so, the same app in a browser on this
 * machine. Runs until the person stops it; returns the exit code.
 */
export async function startApp(options: ServeOptions): Promise<number> {
  const say = options.say ?? ((line: string) => process.stderr.write(`${line}\n`));
  try {
    return await start(options, say);
  } catch (error) {
    const { message, path, hint } = reportOf(error);
    say(
      [`${message}${path === undefined ? '' : ` (${path})`}`, ...(hint === undefined ? [] : [hint])].join(
        '\n',
      ),
    );
    return FAILED;
  }
}

async function start(options: ServeOptions, say: (line: string) => void): Promise<number> {
  const electron = await obtainElectron(say);
  if (electron.path !== null) return await runElectron(electron.path, options, say);
  say(`Electron cannot be started: ${electron.reason}. Opening the same app in the browser instead.`);
  const serving = await serve({ openBrowser: true, ...options, say });
  process.stdout.write(`${serving.url}\n`);
  say('Tubelet runs at this address, for this machine only. Press Ctrl+C to stop.');
  await untilStopped();
  await serving.close();
  return 0;
}

async function runElectron(
  path: string,
  options: ServeOptions,
  say: (line: string) => void,
): Promise<number> {
  const places = pagePlaces();
  await ensurePage(places, say);
  const root = dirname(places.sources);
  if (!existsSync(join(root, 'dist', 'electron', 'main', 'main.js'))) {
    say('Compiling the app (once) …');
    await import(/* @vite-ignore */ new URL('../../build/compile.ts', import.meta.url).href);
  }
  return await new Promise((resolve, reject) => {
    const child = spawn(path, [root, `--library=${options.library}`], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 0);
    });
  });
}
