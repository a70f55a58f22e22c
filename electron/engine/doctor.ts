import { statfs } from 'node:fs/promises';
import { reportOf } from './errors.ts';
import type { Engine } from './engine.ts';
import type { FfmpegBinary } from './media/binaries.ts';

/** One thing that was looked at. */
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly state: 'good' | 'attention' | 'failed';
  readonly detail: string;
  /** What to do; null where nothing is to be done. */
  readonly hint: string | null;
}

/** Less room than this is worth a word. Bytes. */
const LITTLE_ROOM = 2 * 1024 ** 3;
const GIGABYTE = 1024 ** 3;

const SOURCES: Record<FfmpegBinary['source'], string> = {
  setting: 'chosen in the settings',
  bundled: 'comes with the app',
  path: 'found on PATH',
  package: 'installed with Tubelet',
};

/** Looks at everything that Tubelet stands on: programs, library, disk, pack, and one real run of each model. */
export async function examine(engine: Engine): Promise<{ ok: boolean; checks: Check[] }> {
  const checks = [
    ...(await programs(engine)),
    await disk(engine),
    await library(engine),
    await pack(engine),
    await check('device', 'Device', () => describeDevice(engine)),
    await check('vision', 'Vision encoder', () => runVision(engine)),
    await check('language', 'Text and words', () => runLanguage(engine)),
  ];
  return { ok: checks.every(({ state }) => state !== 'failed'), checks };
}

async function programs(engine: Engine): Promise<Check[]> {
  try {
    const { ffmpeg, ffprobe } = await engine.findBinaries(true);
    return [describeProgram('ffmpeg', ffmpeg), describeProgram('ffprobe', ffprobe)];
  } catch (error) {
    return [failed('ffmpeg', 'FFmpeg', error)];
  }
}

function describeProgram(id: string, program: FfmpegBinary): Check {
  const detail = `${program.version}, ${program.licence}, ${SOURCES[program.source]}: ${program.path}`;
  return { id, title: id, state: 'good', detail, hint: null };
}

async function disk(engine: Engine): Promise<Check> {
  const { bavail, bsize } = await statfs(engine.store.directory);
  const free = bavail * bsize;
  const little = free < LITTLE_ROOM;
  return {
    id: 'disk',
    title: 'Room for the library',
    state: little ? 'attention' : 'good',
    detail: `${(free / GIGABYTE).toFixed(1)} GB free at ${engine.store.directory}`,
    hint: little ? 'Free some space before indexing more: an hour of video takes about 60 MB.' : null,
  };
}

async function library(engine: Engine): Promise<Check> {
  const pack = await engine.pack().catch(() => null);
  const totals = engine.store.counts(pack?.facts.revision ?? '');
  const problems = [
    ...(totals.failed > 0 ? [`${totals.failed} could not be indexed`] : []),
    ...(totals.missing > 0 ? [`${totals.missing} missing`] : []),
    ...(totals.stale > 0 && pack !== null ? [`${totals.stale} made with another model`] : []),
  ];
  return {
    id: 'library',
    title: 'Library',
    state: problems.length === 0 ? 'good' : 'attention',
    detail: [`${totals.indexed} of ${totals.media} files indexed, ${totals.clips} clips`, ...problems].join(
      '; ',
    ),
    hint: problems.length === 0 ? null : 'See `tubelet status`; indexing the folder again retries them.',
  };
}

async function pack(engine: Engine): Promise<Check> {
  return await check('pack', 'Model pack', async () => {
    const { facts, directory } = await engine.pack();
    return `${facts.name}, revision ${facts.revision}, can ${facts.capabilities.join(', ')}: ${directory}`;
  });
}

async function describeDevice(engine: Engine): Promise<string> {
  const { provider, refused } = await engine.device();
  const used = provider === 'cpu' ? 'the processor' : `the graphics processor (${provider})`;
  const reasons = refused.map((one) => `${one.provider} was not used: ${one.reason}`);
  return [used, ...reasons].join('; ');
}

/** One grey clip through the encoder; says how long it took. */
async function runVision(engine: Engine): Promise<string> {
  const encoder = await engine.encoder();
  const { frames, size } = encoder.pack.geometry;
  const grey = (): Uint8Array => new Uint8Array(frames * size * size * 3).fill(128);
  await encoder.embedClip(grey(), frames);
  const started = performance.now();
  const { embedding } = await encoder.embedClip(grey(), frames);
  const milliseconds = performance.now() - started;
  assertUnit(embedding);
  return `${milliseconds.toFixed(0)} ms a clip`;
}

/** One text through the decoder's first pass. */
async function runLanguage(engine: Engine): Promise<string> {
  const language = await engine.language();
  const started = performance.now();
  const [embedding] = await language.embedTexts([`a test at ${Date.now()}`]);
  const milliseconds = performance.now() - started;
  assertUnit(embedding ?? new Float32Array(0));
  return `${milliseconds.toFixed(0)} ms a query`;
}

/** An embedding that is not of unit length tells of a provider or a pack that computes nonsense. */
function assertUnit(embedding: Float32Array): void {
  const length = Math.hypot(...embedding);
  if (!(Math.abs(length - 1) < 1e-3))
    throw new RangeError(`The embedding has length ${length} instead of 1.`);
}

async function check(id: string, title: string, run: () => Promise<string>): Promise<Check> {
  try {
    return { id, title, state: 'good', detail: await run(), hint: null };
  } catch (error) {
    return failed(id, title, error);
  }
}

function failed(id: string, title: string, error: unknown): Check {
  const { message, hint } = reportOf(error);
  return { id, title, state: 'failed', detail: message, hint: hint ?? null };
}
