import { mkdir } from 'node:fs/promises';
import { TubeletError } from '../errors.ts';
import type { FfmpegBinaries, FfmpegBinary } from './binaries.ts';
import { passthrough } from './ffmpeg.ts';
import type { FfmpegExit, FfmpegJob, FfmpegOutput } from './ffmpeg.ts';
import { posterOutput } from './poster.ts';
import {
  firstMissingSheet,
  planSheets,
  secondsPerSheet,
  SHEET_PATTERN,
  sheetOutput,
  writeSheets,
} from './thumbnails.ts';
import type { ThumbnailSheets } from './thumbnails.ts';
import type { MediaFacts, ReadClipsOptions } from './types.ts';

/** `ReadClipsOptions` with the programs to read with. */
export interface ClipSource extends ReadClipsOptions {
  readonly binaries: FfmpegBinaries;
  /** Milliseconds without a frame after which ffmpeg counts as stuck; 60,000 where absent. */
  readonly stallAfter?: number;
}

export const STALL_AFTER = 60_000;

/**
 * Filters from frames as shown to `size` x `size` RGB. The flags matter: swscale's default conversion loses some 20 dB
 * against a reference cubic resize. `format` follows at once, so that this one step also converts the colours.
 */
export function squareRgb(size: number): string[] {
  return [`scale=${size}:${size}:flags=bicubic+accurate_rnd+full_chroma_int`, 'format=rgb24', 'showinfo'];
}

/** The output that sends raw frames to standard output. */
export function rawOutput(binary: FfmpegBinary, stream: number, filters: readonly string[]): FfmpegOutput {
  return {
    target: 'stdout',
    options: ['-map', `0:${stream}`, '-vf', filters.join(','), ...passthrough(binary), '-f', 'rawvideo'],
  };
}

/** What one pass over a video decodes. */
export interface PassPlan {
  /** Seconds from the first frame at which the wanted frames begin. */
  readonly from: number;
  /** Frames come at multiples of this many seconds from the first frame: a pass begins at one of them. */
  readonly grid: number;
  readonly filters: readonly string[];
  readonly keyFramesOnly: boolean;
}

/** A pass that is ready to run. */
export interface Pass {
  readonly job: FfmpegJob;
  /** Timestamps of the decoded frames count from here: a multiple of the plan's grid, seconds from the first frame. */
  readonly begin: number;
  readonly sheets: ThumbnailSheets | null;
}

/** Puts together the one ffmpeg job that reads a video: frames to standard output, thumbnails and poster beside them. */
export async function planPass(source: ClipSource, plan: PassPlan): Promise<Pass> {
  const { facts, thumbnails } = source;
  const sheets = thumbnails === undefined ? null : planSheets(facts);
  let begin = Math.floor(plan.from / plan.grid + 1e-6) * plan.grid;
  const outputs = [rawOutput(source.binaries.ffmpeg, facts.streamIndex, plan.filters)];
  if (sheets !== null && thumbnails !== undefined) {
    await mkdir(thumbnails, { recursive: true });
    await writeSheets(thumbnails, sheets);
    const firstSheet = await firstMissingSheet(thumbnails, sheets, plan.from);
    const sheetBegin = firstSheet * secondsPerSheet(sheets);
    begin = Math.min(begin, Math.floor(sheetBegin / plan.grid + 1e-6) * plan.grid);
    const written = (filters: readonly string[], options: readonly string[]): string[] => [
      ...['-map', `0:${facts.streamIndex}`, '-vf', filters.join(',')],
      ...passthrough(source.binaries.ffmpeg),
      ...options,
    ];
    const tiled = sheetOutput(sheets, firstSheet, begin - sheetBegin, plan.keyFramesOnly);
    outputs.push({ target: { file: SHEET_PATTERN }, options: written(tiled.filters, tiled.options) });
    const poster = posterOutput(facts, begin);
    if (poster !== null)
      outputs.push({ target: { file: poster.file }, options: written(poster.filters, poster.options) });
  }
  const options = [
    ...(plan.keyFramesOnly ? ['-discard', 'nokey'] : []),
    ...loopFilterOptions(facts, source.geometry.size, plan.keyFramesOnly),
    ...inputStart(facts, begin),
  ];
  const job = {
    inputs: [{ path: source.path, options }],
    outputs,
    ...(thumbnails === undefined ? {} : { cwd: thumbnails }),
  };
  return { job, begin, sheets };
}

/** Pictures that shrink at least so many times lose the edges of their blocks in the averaging. */
const LEAST_SHRINK = 2;

/**
 * Spares the decoder the smoothing of block edges where nobody sees it: in frames that shrink to half their size or less
 * and whose own edges reach no frame beyond the few beside them. Without it, 1080p frames at 224 x 224 are within 66 dB
 * of the filtered ones (57 dB for lone key frames; the conversion to RGB itself is good for 45 dB), and a tenth of the
 * decoding is saved. Frames that all later ones build on are always filtered, or errors would add up.
 */
function loopFilterOptions(facts: MediaFacts, size: number, keyFramesOnly: boolean): string[] {
  if (Math.min(facts.width, facts.height) < LEAST_SHRINK * size) return [];
  return ['-skip_loop_filter', keyFramesOnly ? 'all' : 'bidir'];
}

/**
 * Options that make timestamps count from `begin` seconds after the first frame. From the very beginning the clock is only
 * shifted, because seeking may miss the first frames. Later, decoding begins at the key frame before, and the frames up to
 * `begin` get negative times, so that what is on screen at `begin` is known though it began earlier.
 */
function inputStart(facts: MediaFacts, begin: number): string[] {
  if (begin > 0) return ['-noaccurate_seek', '-ss', seconds(facts.start + begin)];
  return facts.start > 0 ? ['-itsoffset', seconds(-facts.start)] : [];
}

/** Seconds as ffmpeg reads them, to the microsecond. */
function seconds(value: number): string {
  return value.toFixed(6);
}

/** Seconds of video that may be missing at the end without a word: durations in containers are not exact. */
const MISSING_TOLERANCE = 1;

/**
 * Judges how a pass ended.
 * @param reached seconds from the first frame up to which frames came
 * @throws TubeletError `damaged` where the end is missing, `disk-full` where thumbnails could not be written,
 *   `ffmpeg-failed` for any other failure
 */
export function judgeExit(exit: FfmpegExit, facts: MediaFacts, reached: number, path: string): void {
  const said = exit.errors.at(-1) ?? exit.failure;
  if (said === null) return;
  if (exit.errors.some((line) => line.includes('No space left on device'))) {
    throw new TubeletError('disk-full', 'The disk is full: the thumbnails could not be written.', {
      path,
      hint: 'Free some space, then retry; everything indexed so far is kept.',
    });
  }
  const missing = facts.duration - reached;
  if (reached === 0 || missing > MISSING_TOLERANCE) {
    const where =
      reached === 0 ? 'nothing of it can be decoded' : `it ends after ${reached.toFixed(1)} seconds`;
    throw new TubeletError('damaged', `The file is damaged or cut short: ${where}. FFmpeg says: ${said}`, {
      path,
      hint: 'What could be decoded is indexed. Copy the file again from where it came, then retry.',
    });
  }
  if (exit.failure !== null) {
    throw new TubeletError('ffmpeg-failed', `FFmpeg failed: ${said}`, {
      path,
      hint: 'Retry; see `doctor` for FFmpeg.',
    });
  }
}
