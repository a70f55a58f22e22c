import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { FIXTURE_FFMPEG } from '../fixtures/videos.ts';
import { FILM_SECONDS, benchFilm } from './film.ts';
import { PACK_FOLDER } from './pack.ts';
import { watchMemory, type PeakMemory } from './process-tree.ts';
import { progress, rounded } from './timing.ts';

const CLI = path.join(import.meta.dirname, '../../electron/hosts/cli/main.ts');

/** One run of `tubelet index`. */
export interface Indexing {
  /** Seconds that the command took from start to end, and those of them after it had started and opened the library. */
  readonly commandSeconds: number;
  readonly indexingSeconds: number;
  readonly clips: number;
  readonly peakMebibytes: PeakMemory;
}

/**
 * Indexing through the command line, into a new library each time, against ffmpeg decoding the same file to nothing
 * before and after it. Ratios are null decode over indexing: 1 is as fast as decoding alone.
 */
export async function benchIndexing(): Promise<object> {
  progress('making the film');
  const film = await benchFilm();
  progress('decoding to nothing');
  const before = await nullDecode(film);
  progress('indexing, thorough');
  const thorough = await index(film, 'thorough');
  progress('decoding to nothing');
  const after = await nullDecode(film);
  progress('indexing, fast');
  const fast = await index(film, 'fast');
  const nullDecodeSeconds = rounded((before + after) / 2);
  return {
    filmSeconds: FILM_SECONDS,
    nullDecodeSeconds,
    thorough,
    fast,
    thoroughToNullDecode: rounded(nullDecodeSeconds / thorough.indexingSeconds),
    thoroughCommandToNullDecode: rounded(nullDecodeSeconds / thorough.commandSeconds),
    fastToThorough: rounded(thorough.indexingSeconds / fast.indexingSeconds),
    fastCommandToThorough: rounded(thorough.commandSeconds / fast.commandSeconds),
  };
}

/** Seconds that ffmpeg takes to decode a file and to throw it away. */
export async function nullDecode(film: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(FIXTURE_FFMPEG, ['-nostdin', '-v', 'error', '-i', film, '-f', 'null', '-'], {
    stdio: 'inherit',
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}.`);
  return (performance.now() - begun) / 1000;
}

/** Indexes a file or folder into a new library. */
export async function index(film: string, mode: 'thorough' | 'fast'): Promise<Indexing> {
  const library = await mkdtemp(path.join(tmpdir(), 'tubelet-bench-'));
  try {
    const begun = performance.now();
    const options = ['--library', library, '--pack', PACK_FOLDER, '--mode', mode, '--json'];
    const child = spawn(process.execPath, [CLI, 'index', film, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const finish = watchMemory(child.pid ?? 0);
    const closed = new Promise((resolve) => child.once('close', resolve));
    const output = await text(child.stdout);
    const code = await closed;
    const commandSeconds = rounded((performance.now() - begun) / 1000);
    const peakMebibytes = finish();
    if (code !== 0) throw new Error(`Indexing ended with ${String(code)}: ${output}`);
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { clips?: number; elapsed?: number });
    const { clips = 0, elapsed = Number.NaN } = lines.at(-1) ?? {};
    return { commandSeconds, indexingSeconds: rounded(elapsed), clips, peakMebibytes };
  } finally {
    await rm(library, { recursive: true, force: true });
  }
}
