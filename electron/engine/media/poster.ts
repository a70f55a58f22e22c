import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TubeletError } from '../errors.ts';
import type { FfmpegBinary } from './binaries.ts';
import { runFfmpeg, throwIfCancelled } from './ffmpeg.ts';
import { readSheets, sheetFileName, thumbnailAt } from './thumbnails.ts';
import type { MediaFacts } from './types.ts';

/**
 * The poster of a file: the one small picture that stands for it in lists. A video's lies beside its sheets of thumbnails,
 * of which one is twenty times as large; a still's is its only thumbnail.
 */
const VIDEO_POSTER = 'poster.jpg';
/** Its longer side at most. Pixels. */
const SIDE = 320;
/** JPEG quantiser, 2 (best) to 31. */
const QUALITY = '5';

/** File name of the poster in a file's thumbnail folder. */
export function posterFileName(kind: 'video' | 'image'): string {
  return kind === 'image' ? sheetFileName('image', 0) : VIDEO_POSTER;
}

/**
 * Filters, options and target that write the poster of a video in the pass that reads it: the frame in the middle, because
 * films begin in black. Until that frame comes, and where it never does, the first frame of the pass serves.
 * @param begin seconds from the first frame to where the decoded timestamps count from 0
 * @returns null where the pass begins behind the middle: the poster was made by the one before
 */
export function posterOutput(
  facts: MediaFacts,
  begin: number,
): { filters: string[]; options: string[]; file: string } | null {
  const middle = facts.duration / 2 - begin;
  if (middle < 0) return null;
  const scale = Math.min(1, SIDE / Math.max(1, facts.width, facts.height));
  const even = (pixels: number): number => Math.max(2, Math.round((pixels * scale) / 2) * 2);
  const at = middle.toFixed(6);
  return {
    filters: [
      `select=isnan(prev_selected_t)+gte(t\\,${at})*lt(prev_selected_t\\,${at})`,
      `scale=${even(facts.width)}:${even(facts.height)}:flags=bicubic`,
      'setsar=1',
      'format=yuvj420p',
    ],
    // Whoever asks for it meanwhile gets the one or the other, never half of one.
    options: [...JPEG, '-atomic_writing', '1'],
    file: VIDEO_POSTER,
  };
}

const JPEG = ['-c:v', 'mjpeg', '-q:v', QUALITY, '-f', 'image2', '-update', '1'];

/**
 * Cuts the poster of a video out of its sheets, for libraries that were indexed before there were posters.
 * @param folder the file's thumbnail folder; the poster is there afterwards, whole or not at all
 * @throws TubeletError `not-found` where there are no sheets, `ffmpeg-failed`, `cancelled`
 */
export async function makePoster(folder: string, ffmpeg: FfmpegBinary, signal?: AbortSignal): Promise<void> {
  const sheets = await readSheets(folder);
  const middle = thumbnailAt(sheets, sheets.start + (sheets.count * sheets.secondsPerCell) / 2);
  // The sheets of a damaged file end before its middle.
  const cell = existsSync(join(folder, middle.sheet)) ? middle : thumbnailAt(sheets, sheets.start);
  const { sheet, x, y, width, height } = cell;
  const path = join(folder, sheet);
  throwIfCancelled(signal, path);
  const file = `poster-${randomUUID()}.part`;
  const run = runFfmpeg(ffmpeg, {
    // The demuxer is named: the one for files would take a folder's name for a pattern.
    inputs: [{ path, options: ['-threads', '1', '-f', 'jpeg_pipe'] }],
    outputs: [
      { target: { file }, options: ['-vf', `crop=${width}:${height}:${x}:${y}`, '-frames:v', '1', ...JPEG] },
    ],
    cwd: folder,
  });
  const { failure, errors } = await run.exit;
  if (failure === null) await rename(join(folder, file), join(folder, VIDEO_POSTER));
  else {
    await rm(join(folder, file), { force: true });
    throw new TubeletError('ffmpeg-failed', `The poster could not be made: ${errors.at(-1) ?? failure}`, {
      path,
      hint: 'Index the file again.',
    });
  }
}
