import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Electron's program, or why there is none. */
export type ElectronProgram = { readonly path: string } | { readonly path: null; readonly reason: string };

/** What decides whether a window can be shown at all. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's id; undefined on Windows. */
  readonly user: number | undefined;
}

/** How long the program may take to arrive: about 110 MB. */
const FETCH_LIMIT = 10 * 60 * 1000;

/** Why no window can be shown here, whatever program is installed; null where one can. */
export function windowObstacle({ platform, environment, user }: Surroundings): string | null {
  if (platform !== 'linux') return null;
  if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) return 'there is no display';
  return user === 0 ? 'its sandbox does not work for the user root' : null;
}

/** Looks for Electron's program in its package, without fetching it. */
export function findElectron(packageFolder: string | null = electronPackage()): ElectronProgram {
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
    : { path: null, reason: 'its program has not been fetched' };
}

/**
 * Electron's program, fetched first where it is not there yet: its package comes without it, and brings its own
 * installer. Never rejects; a machine that cannot fetch it, or cannot show a window, gets the reason.
 */
export async function obtainElectron(
  say: (line: string) => void,
  packageFolder: string | null = electronPackage(),
  surroundings: Surroundings = {
    platform: process.platform,
    environment: process.env,
    user: process.getuid?.(),
  },
): Promise<ElectronProgram> {
  const obstacle = windowObstacle(surroundings);
  if (obstacle !== null) return { path: null, reason: obstacle };
  const present = findElectron(packageFolder);
  if (present.path !== null || packageFolder === null) return present;
  say('Fetching Electron (once, about 110 MB) …');
  const failure = await runInstaller(join(packageFolder, 'install.js'));
  return failure === null
    ? findElectron(packageFolder)
    : { path: null, reason: `its program could not be fetched (${failure})` };
}

/** Runs the package's installer; resolves to null when it worked, otherwise to what it said. */
function runInstaller(script: string): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: FETCH_LIMIT,
    });
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString('utf8')).slice(-4000)));
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(null);
      else if (signal !== null) resolve('it took too long');
      else resolve(said.trim().split('\n', 1)[0] ?? `exit code ${String(code)}`);
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
