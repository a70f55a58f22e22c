import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FIXTURE_FFMPEG } from '../fixtures/videos.ts';

const run = promisify(execFile);
const REAL_CLIPS = fileURLToPath(new URL('../../../shared/data/videos', import.meta.url));
/** Real clips that are short enough for a test, longest last. */
const CHOSEN = [
  'intel_prev_classroom.mp4',
  'intel_prev_worker-zone-detection.mp4',
  'intel_prev_fruit-and-vegetable-detection.mp4',
  'intel_bottle-detection.mp4',
];
/** A worker walks through a hall. */
const SEEN = { name: 'intel_prev_worker-zone-detection.mp4', thing: 'a person', at: 2 };

/** What a folder of test clips holds. */
export interface Clips {
  readonly folder: string;
  /** The longest video: the one that is watched. */
  readonly watched: string;
  /** A thing that one of the videos shows at a second; null where they are drawn. */
  readonly seen: { readonly name: string; readonly thing: string; readonly at: number } | null;
  /** A video that Chromium cannot play, in the folder `attic`. */
  readonly unplayable: string;
  readonly picture: string;
  /** A file that no decoder can read. */
  readonly damaged: string;
  /** How many files there are, the damaged one included. */
  readonly count: number;
}

/**
 * Fills a folder: real clips where they are at hand, drawn ones otherwise; a picture, an AVI that Chromium cannot
 * play, and a file that is no video inside.
 */
export async function makeClips(folder: string): Promise<Clips> {
  await mkdir(folder, { recursive: true });
  const real = await realClips();
  if (real.length > 0) {
    for (const name of real) await copyFile(join(REAL_CLIPS, name), join(folder, name));
  } else {
    console.log(`No real clips at ${REAL_CLIPS}: drawn ones are used.`);
    await draw(folder, 'circle.mp4', 8, 'testsrc2=size=640x360:rate=25');
    await draw(folder, 'fractal.mp4', 20, 'mandelbrot=size=640x360:rate=25');
  }
  await mkdir(join(folder, 'attic'), { recursive: true });
  await draw(join(folder, 'attic'), 'old-camera.avi', 6, 'testsrc=size=320x240:rate=25', [
    '-c:v',
    'mpeg4',
    '-q:v',
    '4',
  ]);
  await ffmpeg(['-f', 'lavfi', '-i', 'smptehdbars=size=960x540', '-frames:v', '1', join(folder, 'bars.png')]);
  await writeFile(join(folder, 'damaged.mp4'), Buffer.alloc(40_000, 'this is not a video '));
  return {
    folder,
    watched: real.at(-1) ?? 'fractal.mp4',
    seen: real.includes(SEEN.name) ? SEEN : null,
    unplayable: 'old-camera.avi',
    picture: 'bars.png',
    damaged: 'damaged.mp4',
    count: (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
      .length,
  };
}

async function realClips(): Promise<string[]> {
  try {
    const there = await readdir(REAL_CLIPS);
    return CHOSEN.filter((name) => there.includes(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A video of a source of ffmpeg's own, H.264 unless told. */
export async function draw(
  folder: string,
  name: string,
  seconds: number,
  source: string,
  codec: readonly string[] = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25'],
): Promise<void> {
  await ffmpeg(['-f', 'lavfi', '-t', `${seconds}`, '-i', source, ...codec, join(folder, name)]);
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  await run(FIXTURE_FFMPEG, ['-v', 'error', '-nostdin', '-y', ...args]);
}
