import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { reportOf } from '../engine/errors.ts';
import { pagePlaces, ensurePage } from './http/page-build.ts';
import { serve, untilStopped, type ServeOptions } from './http/serve.ts';

/** Electron's program, or why there is none. */
export type ElectronBinary = { readonly path: string } | { readonly path: null; readonly reason: string };

/**
 * Looks for Electron's program without downloading it. Its package comes without the program and fetches it at the
 * first run, which not every machine can.
 */
export function findElectron(packageFolder: string | null = electronPackage()): ElectronBinary {
  if (packageFolder === null) return { path: null, reason: 'the electron package is not installed' };
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const named = join(packageFolder, 'path.txt');
  const program = existsSync(named) ? readFileSync(named, 'utf8').trim() : null;
  if (override !== undefined) {
    const path = join(override, program ?? 'electron');
    return existsSync(path) ? { path } : { path: null, reason: `there is none at ${path}` };
  }
  const path = program === null ? null : join(packageFolder, 'dist', program);
  return path !== null && existsSync(path)
    ? { path }
    : {
        path: null,
        reason: 'it has not been downloaded (`npx install-electron` fetches it where GitHub can be reached)',
      };
}

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
  const electron = findElectron();
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

function electronPackage(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}
