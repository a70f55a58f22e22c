import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { judgeExit, rawOutput, squareRgb, STALL_AFTER } from './decoding.ts';
import type { ClipSource } from './decoding.ts';
import { passthrough } from './ffmpeg.ts';
import type { FfmpegOutput } from './ffmpeg.ts';
import { decodeFrames } from './frames.ts';
import { unreadPicture } from './ffprobe.ts';
import { pictureReader } from './picture-batch.ts';
import { readHead } from './probe.ts';
import { orientationFilters, rarePictureOf, readStillHeader } from './stills.ts';
import type { StillHeader } from './stills.ts';
import { planSheets, stillOutput, writeSheets } from './thumbnails.ts';
import type { ClipFrames } from './types.ts';

/** Reads a still: one clip of one frame, upright, from 0 to 0 seconds. */
export async function* readStill(source: ClipSource): AsyncGenerator<ClipFrames> {
  if (source.resume !== undefined && source.resume.ordinal > 0) return;
  const { facts, thumbnails } = source;
  if (thumbnails !== undefined) {
    await mkdir(thumbnails, { recursive: true });
    await writeSheets(thumbnails, planSheets(facts));
  }
  const head = await readHead(source.path);
  const header = readStillHeader(head);
  const frame =
    (header === null ? null : await readWithOthers(source, header)) ??
    (await readAlone(source, header, head));
  if (frame !== null) yield { ordinal: 0, start: 0, end: 0, cutBefore: true, frames: frame, frameCount: 1 };
}

/** One thread: a picture is decoded faster than threads are started. Our own rotation alone applies: builds differ in EXIF. */
function inputOptions(header: StillHeader, size: number): string[] {
  const halvings = halvingsOf(header, size);
  return [
    ...['-threads', '1', '-noautorotate', '-f', header.demuxer],
    ...(halvings === 0 ? [] : ['-lowres', `${halvings}`]),
  ];
}

/** JPEG decoders can leave out this many octaves of detail, in about half the time. */
const MOST_HALVINGS = 3;
/** Its shorter side stays this many times the frame's, so that scaling, which is better at it, does the rest. */
const LEAST_SHRINK = 2;

/** How often the decoder may halve a picture that is scaled down anyway (53 dB from the whole one at 4000 x 3000). */
function halvingsOf({ codec, width, height }: StillHeader, size: number): number {
  if (codec !== 'mjpeg') return 0;
  const shrink = Math.min(width, height) / (LEAST_SHRINK * size);
  return Math.max(0, Math.min(MOST_HALVINGS, Math.floor(Math.log2(shrink))));
}

function readWithOthers(source: ClipSource, header: StillHeader): Promise<Uint8Array | null> {
  const { path, facts, thumbnails } = source;
  const { size } = source.geometry;
  const upright = orientationFilters(header.orientation);
  const { filters, options, file } = stillOutput(planSheets(facts));
  const halved = 2 ** halvingsOf(header, size);
  return pictureReader(source.binaries.ffmpeg, size).read(
    {
      path,
      options: inputOptions(header, size),
      pixels: (header.width * header.height) / halved ** 2,
      filters: [...upright, ...squareRgb(size)],
      ...(thumbnails === undefined
        ? {}
        : { thumbnail: { file: join(thumbnails, file), filters: [...upright, ...filters], options } }),
    },
    source.signal,
  );
}

/** The frame; null where the decoder gave none and does not say why. */
async function readAlone(
  source: ClipSource,
  header: StillHeader | null,
  head: Uint8Array,
): Promise<Uint8Array | null> {
  const { facts, geometry, path, thumbnails } = source;
  const ffmpeg = source.binaries.ffmpeg;
  const upright = header === null ? [] : orientationFilters(header.orientation);
  const raw = rawOutput(ffmpeg, facts.streamIndex, [...upright, ...squareRgb(geometry.size)]);
  const outputs: FfmpegOutput[] = [{ ...raw, options: [...raw.options, '-frames:v', '1'] }];
  if (thumbnails !== undefined) {
    const { filters, options, file } = stillOutput(planSheets(facts));
    const chain = [...upright, ...filters].join(',');
    outputs.push({
      target: { file },
      options: ['-map', `0:${facts.streamIndex}`, '-vf', chain, ...passthrough(ffmpeg), ...options],
    });
  }
  const options = header === null ? ['-threads', '1'] : inputOptions(header, geometry.size);
  const job = {
    inputs: [{ path, options }],
    outputs,
    ...(thumbnails === undefined ? {} : { cwd: thumbnails }),
  };
  const limits = { signal: source.signal, stallAfter: source.stallAfter ?? STALL_AFTER };
  const decoder = decodeFrames(ffmpeg, job, geometry.size ** 2 * 3, limits);
  try {
    const step = await decoder.next();
    if (step.done === true) {
      const rare = rarePictureOf(head);
      if (rare !== null) throw unreadPicture(rare, path);
      judgeExit(step.value, facts, 0, path);
      return null;
    }
    const { frame } = step.value;
    const end = await decoder.next();
    if (end.done === true && end.value.failure !== null) judgeExit(end.value, facts, 1, path);
    return frame;
  } finally {
    await decoder.return({ failure: null, errors: [] });
  }
}
