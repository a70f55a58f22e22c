import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND_LINE = fileURLToPath(new URL('../../electron/hosts/cli/main.ts', import.meta.url));
const START_MS = 120_000;
const STOP_MS = 60_000;

/** The app, served by its own command line in a process of its own. */
export interface ServedApp {
  /** The address to open, with the token. */
  readonly url: string;
  /** The library's folder. */
  readonly library: string;
  /** Ends the process as a person would; the library stays. */
  stop(): Promise<void>;
  /** Ends the process at once, as a power cut would. */
  kill(): Promise<void>;
  /** Ends the process and removes the library. */
  close(): Promise<void>;
}

/** Makes a folder for a test. */
export function temporaryFolder(what: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `tubelet-e2e-${what}-`));
}

/**
 * Runs `tubelet serve` on a library (a new one unless told) and waits for its address. `TUBELET_E2E_PACK` names
 * another model pack than the built-in one.
 */
export async function serveApp(options: { library?: string } = {}): Promise<ServedApp> {
  const library = options.library ?? join(await temporaryFolder('library'), 'library');
  const pack = process.env['TUBELET_E2E_PACK'];
  const args = ['serve', '--json', '--library', library, ...(pack === undefined ? [] : ['--pack', pack])];
  const child = spawn(process.execPath, [COMMAND_LINE, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The page as it ships, also where it has to be built first: test runners set another mode.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const url = await addressOf(child);
  let asked = false;
  let lastWords = '';
  child.stderr.on('data', (text: Buffer) => {
    lastWords = `${lastWords}${text.toString()}`.slice(-4000);
  });
  child.once('exit', (code, signal) => {
    if (!asked) console.error(`The app ended by itself (${signal ?? String(code)}): ${lastWords}`);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    asked = true;
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const deaf = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(deaf);
    if (signal === 'SIGTERM' && child.signalCode === 'SIGKILL') {
      throw new Error(`The app did not stop within ${STOP_MS / 1000} s of being asked to.`);
    }
  };
  return {
    url,
    library,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    // Nothing of the library is wanted any more: no need to wait for what it still does.
    close: async () => {
      await end('SIGKILL');
      await rm(library, { recursive: true, force: true });
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    let complaints = '';
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The app did not start in time. ${complaints}`));
    }, START_MS);
    child.stdout?.on('data', (text: Buffer) => {
      printed += text.toString();
      const line = printed.split('\n').find((each) => each.startsWith('{'));
      if (line === undefined) return;
      clearTimeout(late);
      resolve((JSON.parse(line) as { url: string }).url);
    });
    child.stderr?.on('data', (text: Buffer) => {
      complaints = `${complaints}${text.toString()}`.slice(-4000);
    });
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`The app ended with ${code ?? 'a signal'} before it was ready. ${complaints}`));
    });
  });
}
