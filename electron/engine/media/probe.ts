import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { TubeletError } from '../errors.ts';
import type { FfmpegBinaries } from './binaries.ts';
import { throwIfCancelled } from './ffmpeg.ts';
import { probeFile, unreadPicture } from './ffprobe.ts';
import type { ProbedFile, ProbedPacket, ProbedStream } from './ffprobe.ts';
import { orientationTurn, rarePictureOf, readStillHeader, STILL_HEADER_BYTES } from './stills.ts';
import type { StillHeader } from './stills.ts';
import type { MediaFacts } from './types.ts';

/** The stretch over which the distance of key frames is measured. Seconds. */
const KEY_FRAME_STRETCH = { from: 0, span: 60 };

/**
 * Says what a file is. Plain photographs are read from their header, without a process; everything else by ffprobe.
 * @throws TubeletError `not-found`, `unreadable`, `not-media`, `no-video-stream`, `damaged`, `too-slow`, `cancelled`
 */
export async function probe(
  path: string,
  binaries: FfmpegBinaries,
  signal?: AbortSignal,
): Promise<MediaFacts> {
  throwIfCancelled(signal, path);
  const head = await readHead(path);
  const header = readStillHeader(head);
  if (header !== null) return stillFacts(header);
  const { file, packetsOf } = await probeFile(binaries.ffprobe, path, head, KEY_FRAME_STRETCH, signal);
  const stream = chooseStream(file, path, head);
  return videoFacts(file, stream, packetsOf(stream.index));
}

/**
 * The first bytes of a file (fewer where it is shorter).
 * @throws TubeletError `not-found`, `unreadable`, or `not-media` for an empty file
 */
export async function readHead(path: string): Promise<Uint8Array> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw unopenable(error, path);
  }
  try {
    const file = await handle.stat();
    if (file.isDirectory()) {
      throw new TubeletError('unreadable', 'This is a folder, not a file.', { path });
    }
    const length = file.isFile() ? Math.min(file.size, STILL_HEADER_BYTES) : STILL_HEADER_BYTES;
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    if (bytesRead === 0) {
      throw new TubeletError('not-media', 'The file is empty.', {
        path,
        hint: 'Copy it again from where it came.',
      });
    }
    return bytes.subarray(0, bytesRead);
  } catch (error) {
    throw error instanceof TubeletError ? error : unopenable(error, path);
  } finally {
    await handle.close();
  }
}

function unopenable(error: unknown, path: string): TubeletError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new TubeletError('not-found', 'There is no such file.', { path, cause: error });
  }
  const why = code === 'EACCES' || code === 'EPERM' ? 'no permission to read it' : String(code ?? error);
  return new TubeletError('unreadable', `The file cannot be read: ${why}.`, {
    path,
    cause: error,
    hint: 'Change its permissions or see whether its disk is connected, then retry.',
  });
}

/** Facts of a still from its header. */
export function stillFacts(header: StillHeader): MediaFacts {
  const rotation = orientationTurn(header.orientation);
  const sideways = rotation === 90 || rotation === 270;
  return {
    kind: 'image',
    container: header.demuxer,
    duration: 0,
    start: 0,
    width: sideways ? header.height : header.width,
    height: sideways ? header.width : header.height,
    rotation,
    frameRate: 0,
    frameRateRational: [0, 1],
    codec: header.codec,
    codecProfile: null,
    pixelFormat: 'unknown',
    streamIndex: 0,
    audioCodec: null,
    keyFrameInterval: null,
    takenAt: header.takenAt,
  };
}

/** The stream to look at: marked as default before others, then the largest. Cover pictures are none. */
function chooseStream(file: ProbedFile, path: string, head: Uint8Array): ProbedStream {
  const streams = file.streams.filter(
    (stream) =>
      stream.codec_type === 'video' &&
      stream.disposition['attached_pic'] !== 1 &&
      stream.disposition['timed_thumbnails'] !== 1,
  );
  const area = (stream: ProbedStream): number => stream.width * stream.height;
  const isDefault = (stream: ProbedStream): number => stream.disposition['default'] ?? 0;
  const chosen = streams.sort(
    (a, b) => isDefault(b) - isDefault(a) || area(b) - area(a) || a.index - b.index,
  )[0];
  if (chosen === undefined) {
    const sound = file.streams.some((stream) => stream.codec_type === 'audio');
    throw new TubeletError(
      'no-video-stream',
      sound ? 'The file has sound but no pictures.' : 'The file has no pictures.',
      {
        path,
        hint: 'There is nothing in it to look at: leave it out, or see whether the right file was copied.',
      },
    );
  }
  if (area(chosen) === 0 || chosen.codec_name === 'unknown') {
    const rare = rarePictureOf(head);
    if (rare !== null) throw unreadPicture(rare, path);
    throw new TubeletError('damaged', 'Nothing of its pictures can be decoded.', {
      path,
      hint: 'Copy it again from where it came.',
    });
  }
  return chosen;
}

const STILL_CONTAINERS = /^(?:image2|[a-z0-9]+_pipe)$/;
/** A GIF, WebP or AVIF of one picture is a still, though its container could hold a film. */
const MAYBE_STILL_CODECS = new Set(['gif', 'webp', 'png', 'apng', 'av1', 'hevc', 'mjpeg', 'tiff']);

function videoFacts(file: ProbedFile, stream: ProbedStream, packets: readonly ProbedPacket[]): MediaFacts {
  const container = file.format?.format_name ?? 'unknown';
  const onePicture = packets.length === 1 && MAYBE_STILL_CODECS.has(stream.codec_name) && !hasSound(file);
  const image = STILL_CONTAINERS.test(container) ? packets.length <= 1 : onePicture;
  const rotation = rotationOf(stream);
  const [width, height] = displaySize(stream, rotation);
  const fileStart = orElse(file.format?.start_time, 0);
  const start = image ? 0 : Math.max(0, orElse(stream.start_time, fileStart) - fileStart);
  const rate = rational(stream.avg_frame_rate) ?? rational(stream.r_frame_rate) ?? [0, 1];
  return {
    kind: image ? 'image' : 'video',
    container,
    duration: image ? 0 : durationOf(file, stream, start, packets),
    start: round(start),
    width,
    height,
    rotation,
    frameRate: image ? 0 : rate[0] / rate[1],
    frameRateRational: image ? [0, 1] : rate,
    codec: stream.codec_name,
    codecProfile: stream.profile === undefined ? null : String(stream.profile),
    pixelFormat: stream.pix_fmt,
    streamIndex: stream.index,
    audioCodec: file.streams.find((other) => other.codec_type === 'audio')?.codec_name ?? null,
    keyFrameInterval: image ? null : keyFrameInterval(packets),
    takenAt: takenAt(file, stream),
  };
}

function hasSound(file: ProbedFile): boolean {
  return file.streams.some((stream) => stream.codec_type === 'audio');
}

function orElse(value: number | undefined, fallback: number): number {
  return value === undefined || Number.isNaN(value) ? fallback : value;
}

/** Microseconds, the resolution of ffmpeg's own clock: keeps differences of decimals from growing tails. */
function round(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

/** Clockwise turn for showing. The display matrix counts anticlockwise, the older tag clockwise. */
function rotationOf(stream: ProbedStream): MediaFacts['rotation'] {
  const matrix = stream.side_data_list.find((data) => data.rotation !== undefined)?.rotation;
  const clockwise = matrix === undefined ? Number(stream.tags['rotate'] ?? 0) : -matrix;
  const quarter = (((Math.round(clockwise / 90) % 4) + 4) % 4) * 90;
  return quarter === 90 || quarter === 180 || quarter === 270 ? quarter : 0;
}

/** Size as shown: the pixels' aspect ratio stretches the width, as players do, then a quarter turn swaps the sides. */
function displaySize(stream: ProbedStream, rotation: MediaFacts['rotation']): [number, number] {
  const pixel = rational(stream.sample_aspect_ratio) ?? [1, 1];
  const width = Math.round((stream.width * pixel[0]) / pixel[1]);
  return rotation === 90 || rotation === 270 ? [stream.height, width] : [width, stream.height];
}

/** "30000/1001" or "4:3" as a pair; null where a side is 0 or missing. */
function rational(text: string): [number, number] | null {
  const [numerator = 0, denominator = 0] = text.split(/[:/]/).map(Number);
  return numerator > 0 && denominator > 0 ? [numerator, denominator] : null;
}

/** From the first to the end of the last frame, by the best witness there is. Seconds. */
function durationOf(
  file: ProbedFile,
  stream: ProbedStream,
  start: number,
  packets: readonly ProbedPacket[],
): number {
  const own = stream.duration ?? Number.NaN;
  if (own > 0) return round(own);
  // Matroska notes the end of each track in a tag, "00:00:30.033000000".
  const tag = /^(\d+):(\d+):(\d+(?:\.\d+)?)/.exec(stream.tags['DURATION'] ?? '');
  if (tag !== null) return round(Number(tag[1]) * 3600 + Number(tag[2]) * 60 + Number(tag[3]) - start);
  const whole = file.format?.duration ?? Number.NaN;
  if (whole > start) return round(whole - start);
  // Streamed recordings say nothing: what the packets of the first minute cover is the least it can be.
  const times = packets.map((packet) => packet.time).filter((time) => !Number.isNaN(time));
  if (times.length < 2) return 0;
  const span = Math.max(...times) - Math.min(...times);
  return round((span * times.length) / (times.length - 1));
}

/** Mean seconds between key frames; with only one, the stretch that it had to serve; null where nothing can be said. */
function keyFrameInterval(packets: readonly ProbedPacket[]): number | null {
  const keys = packets
    .filter((packet) => packet.key && !Number.isNaN(packet.time))
    .map((packet) => packet.time);
  const first = keys[0];
  const last = keys.at(-1);
  if (first === undefined || last === undefined) return null;
  const end = packets.reduce((latest, packet) => Math.max(latest, packet.time || 0), last);
  if (keys.length === 1) return end > first ? round(end - first) : null;
  return round((last - first) / (keys.length - 1));
}

function takenAt(file: ProbedFile, stream: ProbedStream): string | null {
  const tags = { ...stream.tags, ...file.format?.tags };
  const text = tags['com.apple.quicktime.creationdate'] ?? tags['creation_time'] ?? tags['date'] ?? '';
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return null;
  const date = new Date(text);
  // Cameras without a clock write the beginning of QuickTime's or Unix's time.
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() <= 1970 ? null : date.toISOString();
}
