import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TubeletError } from '../../engine/errors.ts';
import type { FfmpegBinaries } from '../../engine/media/binaries.ts';
import { runFfmpeg } from '../../engine/media/ffmpeg.ts';
import { drawFrame, type DrawnScene } from './drawing.ts';

const WIDTH = 384;
const HEIGHT = 216;
const RATE = 12;
const RAW_INPUT = ['-f', 'rawvideo', '-pix_fmt', 'rgb24'];
const SCENE_SECONDS = 4;

function scene(
  count: number,
  colour: DrawnScene['colour'],
  shape: DrawnScene['shape'],
  direction: DrawnScene['direction'],
  ground: DrawnScene['ground'],
): DrawnScene {
  return { count, colour, shape, direction, ground };
}

/** The sample videos: each a few scenes with cuts between them. */
export const SAMPLE_VIDEOS: readonly { readonly name: string; readonly scenes: readonly DrawnScene[] }[] = [
  {
    name: 'Red and blue.mp4',
    scenes: [
      scene(1, 'red', 'circle', 'right', 'white'),
      scene(2, 'blue', 'square', 'up', 'white'),
      scene(3, 'red', 'star', 'left', 'black'),
    ],
  },
  {
    name: 'Stars at night.mp4',
    scenes: [
      scene(4, 'yellow', 'star', 'down', 'black'),
      scene(1, 'white', 'star', 'right', 'black'),
      scene(2, 'pink', 'star', 'left', 'black'),
    ],
  },
  {
    name: 'Green field.mp4',
    scenes: [
      scene(1, 'orange', 'circle', 'up', 'green'),
      scene(2, 'white', 'triangle', 'right', 'green'),
      scene(3, 'black', 'square', 'down', 'green'),
    ],
  },
  {
    name: 'Sky.mp4',
    scenes: [
      scene(1, 'yellow', 'circle', 'up', 'blue'),
      scene(4, 'white', 'circle', 'left', 'blue'),
      scene(2, 'purple', 'triangle', 'up', 'blue'),
    ],
  },
  {
    name: 'Gray day.mp4',
    scenes: [
      scene(3, 'green', 'triangle', 'right', 'gray'),
      scene(1, 'orange', 'square', 'down', 'gray'),
      scene(2, 'red', 'circle', 'left', 'gray'),
    ],
  },
  {
    name: 'Squares.mp4',
    scenes: [
      scene(1, 'purple', 'square', 'left', 'white'),
      scene(2, 'orange', 'square', 'right', 'black'),
      scene(4, 'blue', 'square', 'up', 'gray'),
    ],
  },
];

/**
 * Draws the sample videos into a folder, those that are not there yet, and returns the folder.
 *
 * @param onDrawn awaited after each video, so that the first can be looked at while the next is drawn
 * @throws TubeletError `ffmpeg-failed`, `unreadable` where the folder cannot be made, `cancelled`.
 */
export async function drawSampleLibrary(
  folder: string,
  binaries: FfmpegBinaries,
  signal: AbortSignal,
  onDrawn: () => Promise<unknown>,
): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new TubeletError('unreadable', 'The folder for the sample videos cannot be made.', {
      path: folder,
      hint: 'Check the permissions of the folder above it.',
      cause: error,
    });
  }
  for (const { name, scenes } of SAMPLE_VIDEOS) {
    const path = join(folder, name);
    if (existsSync(path)) continue;
    await drawVideo(path, scenes, binaries, signal);
    await onDrawn();
  }
  return folder;
}

async function drawVideo(
  path: string,
  scenes: readonly DrawnScene[],
  binaries: FfmpegBinaries,
  signal: AbortSignal,
): Promise<void> {
  const raw = `${path}.frames`;
  const partial = `${path}.part`;
  try {
    await pipeline(Readable.from(frames(scenes), { objectMode: false }), createWriteStream(raw), { signal });
    const run = runFfmpeg(binaries.ffmpeg, {
      inputs: [{ path: raw, options: [...RAW_INPUT, '-s', `${WIDTH}x${HEIGHT}`, '-r', String(RATE)] }],
      outputs: [
        {
          target: { file: partial },
          options: [
            '-c:v',
            'libx264',
            '-crf',
            '20',
            '-g',
            String(RATE * 2),
            '-pix_fmt',
            'yuv420p',
            '-f',
            'mp4',
          ],
        },
      ],
    });
    const exit = await run.exit;
    if (exit.failure !== null) {
      throw new TubeletError(
        'ffmpeg-failed',
        `A sample video could not be made: ${exit.errors.at(-1) ?? exit.failure}`,
        {
          path,
          hint: 'Add a folder of your own instead.',
        },
      );
    }
    await rename(partial, path);
  } finally {
    await Promise.all([rm(raw, { force: true }), rm(partial, { force: true })]);
  }
}

function* frames(scenes: readonly DrawnScene[]): Generator<Uint8Array> {
  const perScene = RATE * SCENE_SECONDS;
  for (const drawn of scenes) {
    for (let number = 0; number < perScene; number++) {
      yield drawFrame(drawn, number / (perScene - 1), WIDTH, HEIGHT);
    }
  }
}
