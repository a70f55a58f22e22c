import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Capability } from '../../../electron/engine/models/types.ts';
import { builtInPacks } from '../../../electron/engine/pack-folders.ts';
import { drawFilm } from '../library/films.ts';

const MAIN = fileURLToPath(new URL('../../../electron/hosts/cli/main.ts', import.meta.url));
const PACK_MANIFEST = join(builtInPacks(), 'mammut-ti', 'manifest.json');

const skipped = whyNot();
if (skipped !== null) console.log(`Skipped: ${skipped}`);

/** Why no log of opened files can be taken here; null when it can. */
function whyNot(): string | null {
  if (!existsSync(PACK_MANIFEST)) return 'the pack mammut-ti is not there.';
  const { error, status } = spawnSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' });
  if (error !== undefined) return 'strace, which logs the files that a process opens, is not installed.';
  return status === 0 ? null : 'strace is not allowed to look at processes here.';
}

function can(capability: Capability): boolean {
  if (skipped !== null) return false;
  const manifest = JSON.parse(readFileSync(PACK_MANIFEST, 'utf8')) as { capabilities: Capability[] };
  return manifest.capabilities.includes(capability);
}

describe.skipIf(skipped !== null)('which files a command opens', () => {
  let place: string;
  let films: string;
  let film: string;
  let indexing: FileLog;

  beforeAll(async () => {
    place = realpathSync(mkdtempSync(join(tmpdir(), 'tubelet-access-')));
    films = join(place, 'films');
    mkdirSync(films);
    film = drawFilm(join(films, 'film.mp4'), 5);
    indexing = await logged('index', films);
  });

  afterAll(() => {
    rmSync(place, { recursive: true, force: true });
  });

  /** Runs the command line under strace: every file that it or a process of its own opened, every program it ran. */
  async function logged(...words: string[]): Promise<FileLog> {
    const log = join(place, `${words[0] ?? ''}.strace`);
    const watched = ['-f', '-qq', '-s', '4096', '-e', 'trace=open,openat,openat2,creat,execve', '-o', log];
    const command = [process.execPath, MAIN, ...words, '--library', join(place, 'library'), '--json'];
    const child = spawn('strace', [...watched, ...command], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${String(code)}: ${complaints}`);
    return readLog(readFileSync(log, 'utf8'));
  }

  it('indexing opens the film and runs ffmpeg: the log sees both', () => {
    expect(indexing.opened).toContain(film);
    expect(indexing.programs.some(isMediaProgram)).toBe(true);
  });

  it.skipIf(!can('caption'))('captioning opens no file of the media folder', async () => {
    expectNoMedia(await logged('caption', film, '--srt', join(place, 'film.srt')));
    expect(existsSync(join(place, 'film.srt'))).toBe(true);
  });

  it.skipIf(!can('answer'))('asking opens no file of the media folder', async () => {
    expectNoMedia(await logged('ask', 'what is shown here', '--in', film, '--at', '2'));
  });

  it.skipIf(!can('locate'))('locating opens no file of the media folder', async () => {
    expectNoMedia(await logged('locate', 'a', 'clock', '--in', film, '--at', '2'));
  });

  function expectNoMedia({ opened, programs }: FileLog): void {
    expect(opened).toContain(join(place, 'library', 'library.sqlite'));
    expect(opened.filter((path) => path.startsWith(films))).toEqual([]);
    expect(programs.filter(isMediaProgram)).toEqual([]);
  }
});

if (skipped === null) {
  for (const capability of ['caption', 'answer', 'locate'] as const) {
    if (!can(capability))
      console.log(`Skipped in part: the pack mammut-ti has no capability "${capability}".`);
  }
}

interface FileLog {
  readonly opened: readonly string[];
  readonly programs: readonly string[];
}

/** Reads what strace wrote; calls that failed count as well: nothing may even be tried. */
function readLog(log: string): FileLog {
  const paths = (call: RegExp): string[] =>
    [...log.matchAll(call)].flatMap(([, path]) => (path === undefined ? [] : [path]));
  return {
    opened: paths(/\b(?:open|creat|openat2?)\((?:[^",]+, )?"([^"]+)"/g),
    programs: paths(/\bexecve\("([^"]+)"/g),
  };
}

function isMediaProgram(program: string): boolean {
  return /\/ff(mpeg|probe)[^/]*$/.test(program);
}
