import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { TubeletError } from '../errors.ts';
import type { FfmpegBinaries } from './binaries.ts';
import { runFfmpeg, throwIfCancelled } from './ffmpeg.ts';
import { probePackets } from './ffprobe.ts';
import type { MediaFacts } from './types.ts';

/** A stretch of a file to be written to a file of its own. Seconds on the player's clock. */
export interface ExportRequest {
  readonly path: string;
  readonly facts: MediaFacts;
  readonly from: number;
  readonly to: number;
  /** The new file; its extension decides the container. Never the source itself. */
  readonly target: string;
  /** `copy` keeps every bit but begins at a key frame; `encode` begins at the very frame. */
  readonly how: 'copy' | 'encode';
  readonly binaries: FfmpegBinaries;
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface ExportedRange {
  readonly target: string;
  readonly how: 'copy' | 'encode';
  /** Where the new file begins, on the source's clock: at or before what was asked when copying. */
  readonly from: number;
  readonly to: number;
}

/**
 * Writes a stretch of a video to a new file, with its sound. A half-written file never appears under the target's name.
 * @throws TubeletError `usage` for an empty stretch or a target that is the source, `disk-full`, `ffmpeg-failed`,
 *   `cancelled`
 */
export async function exportRange(request: ExportRequest): Promise<ExportedRange> {
  const { path, facts, target, how, signal, binaries } = request;
  throwIfCancelled(signal, path);
  const from = Math.max(0, request.from);
  const to = Math.min(request.to, facts.start + facts.duration);
  if (!(to > from)) {
    throw new TubeletError('usage', 'The stretch to export is empty.', {
      path,
      hint: 'Its end must come after its start.',
    });
  }
  if (target === path) {
    throw new TubeletError('usage', 'A file cannot be exported onto itself.', {
      path,
      hint: 'Choose another name.',
    });
  }
  const begin = how === 'copy' ? await keyFrameBefore(request, from) : from;
  const partial = `${target}.part${extname(target)}`;
  const codecs =
    how === 'copy'
      ? ['-c', 'copy', '-avoid_negative_ts', 'make_zero']
      : [
          '-c:v',
          'libx264',
          '-preset',
          'medium',
          '-crf',
          '18',
          '-pix_fmt',
          'yuv420p',
          '-vf',
          EVEN_SIZE,
          '-c:a',
          'aac',
        ];
  // A copy is asked for just after its key frame, because a seek to the very time may round to the one before.
  const seek = how === 'copy' ? begin + AFTER_KEY_FRAME : begin;
  const run = runFfmpeg(binaries.ffmpeg, {
    inputs: [{ path, options: begin > 0 ? ['-ss', seek.toFixed(6)] : [] }],
    outputs: [
      {
        target: { file: partial },
        options: [
          '-map',
          `0:${facts.streamIndex}`,
          '-map',
          '0:a:0?',
          '-t',
          (to - begin).toFixed(6),
          ...codecs,
        ],
      },
    ],
  });
  const stop = (): void => {
    void run.kill();
  };
  signal?.addEventListener('abort', stop, { once: true });
  const exit = await run.exit;
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted === true || exit.failure !== null) {
    await rm(partial, { force: true });
    throwIfCancelled(signal, path);
    const full = exit.errors.some((line) => line.includes('No space left on device'));
    throw full
      ? new TubeletError('disk-full', 'The disk is full.', {
          path: target,
          hint: 'Free some space, then export again.',
        })
      : new TubeletError('ffmpeg-failed', `The export failed: ${exit.errors.at(-1) ?? exit.failure}`, {
          path: target,
          hint:
            how === 'copy'
              ? 'The container may not hold these codecs: export with re-encoding, or to a file of the same kind.'
              : 'See whether the folder can be written to.',
        });
  }
  await rename(partial, target);
  return { target, how, from: begin, to };
}

/** H.264 in 4:2:0 needs even sides. */
const EVEN_SIZE = 'scale=trunc(iw/2)*2:trunc(ih/2)*2';
const AFTER_KEY_FRAME = 0.001;

/** How far back key frames are looked for before the whole file up to the place is read. Seconds. */
const NEARBY = 30;

/** Time of the last key frame at or before a time, on the player's clock; 0 where there is none. */
async function keyFrameBefore(request: ExportRequest, seconds: number): Promise<number> {
  const { path, facts, binaries, signal } = request;
  const last = async (from: number): Promise<number> => {
    const stretch = { from, span: seconds - from + 1 };
    const packets = await probePackets(binaries.ffprobe, path, facts.streamIndex, stretch, signal);
    const before = packets.filter((packet) => packet.key && packet.time <= seconds + AFTER_KEY_FRAME);
    return Math.max(-Infinity, ...before.map((packet) => packet.time));
  };
  const nearby = await last(Math.max(0, seconds - NEARBY));
  return Math.max(0, nearby === -Infinity ? await last(0) : nearby);
}
