import { mkdir } from 'node:fs/promises';
import { judgeExit, rawOutput, squareRgb, STALL_AFTER } from './decoding.ts';
import type { ClipSource } from './decoding.ts';
import { passthrough } from './ffmpeg.ts';
import { decodeFrames } from './frames.ts';
import { unreadPicture } from './ffprobe.ts';
import { readHead } from './probe.ts';
import { orientationFilters, rarePictureOf, readStillHeader } from './stills.ts';
import { planSheets, stillOutput, writeSheets } from './thumbnails.ts';
import type { ClipFrames } from './types.ts';

/** Reads a still: one clip of one frame, upright, from 0 to 0 seconds. */
export async function* readStill(source: ClipSource): AsyncGenerator<ClipFrames> {
  if (source.resume !== undefined && source.resume.ordinal > 0) return;
  const { facts, geometry, path, thumbnails } = source;
  const ffmpeg = source.binaries.ffmpeg;
  const head = await readHead(path);
  const header = readStillHeader(head);
  const upright = header === null ? [] : orientationFilters(header.orientation);
  const raw = rawOutput(ffmpeg, facts.streamIndex, [...upright, ...squareRgb(geometry.size)]);
  const outputs = [{ ...raw, options: [...raw.options, '-frames:v', '1'] }];
  if (thumbnails !== undefined) {
    await mkdir(thumbnails, { recursive: true });
    const sheets = planSheets(facts);
    const { filters, options, file } = stillOutput(sheets);
    const chain = [...upright, ...filters].join(',');
    outputs.push({
      target: { file },
      options: ['-map', `0:${facts.streamIndex}`, '-vf', chain, ...passthrough(ffmpeg), ...options],
    });
    await writeSheets(thumbnails, sheets);
  }
  // One thread: a picture is decoded faster than threads are started. Our own rotation alone applies: builds differ in
  // whether they know EXIF.
  const inputOptions = ['-threads', '1', ...(header === null ? [] : ['-noautorotate', '-f', header.demuxer])];
  const job = {
    inputOptions,
    input: path,
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
      return;
    }
    const { frame } = step.value;
    const end = await decoder.next();
    if (end.done === true && end.value.failure !== null) judgeExit(end.value, facts, 1, path);
    yield { ordinal: 0, start: 0, end: 0, cutBefore: true, frames: frame, frameCount: 1 };
  } finally {
    await decoder.return({ failure: null, errors: [] });
  }
}
