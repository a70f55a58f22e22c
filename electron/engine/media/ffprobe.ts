import { execFile } from 'node:child_process';
import { z } from 'zod';
import { TubeletError } from '../errors.ts';
import type { FfmpegBinary } from './binaries.ts';
import { fileUrl, throwIfCancelled } from './ffmpeg.ts';
import { rarePictureOf } from './stills.ts';

const seconds = z.coerce.number().catch(Number.NaN);
const tags = z.record(z.string(), z.string()).default({});

const Stream = z.object({
  index: z.number(),
  codec_type: z.string().default('data'),
  codec_name: z.string().default('unknown'),
  profile: z.union([z.string(), z.number()]).optional(),
  width: z.number().default(0),
  height: z.number().default(0),
  pix_fmt: z.string().default('unknown'),
  sample_aspect_ratio: z.string().default('1:1'),
  avg_frame_rate: z.string().default('0/0'),
  r_frame_rate: z.string().default('0/0'),
  start_time: seconds.optional(),
  duration: seconds.optional(),
  nb_read_packets: z.coerce.number().optional(),
  disposition: z.record(z.string(), z.number()).default({}),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
  tags,
});

const Probe = z.object({
  streams: z.array(Stream).default([]),
  format: z
    .object({
      format_name: z.string().default('unknown'),
      start_time: seconds.optional(),
      duration: seconds.optional(),
      tags,
    })
    .optional(),
});

const Packet = z.object({
  stream_index: z.number().optional(),
  pts_time: seconds.optional(),
  flags: z.string().default(''),
});

const Packets = z.object({
  format: z.object({ start_time: seconds.optional() }).optional(),
  packets: z.array(Packet).default([]),
});

/** One stream as ffprobe describes it. Times are in seconds, and NaN where ffprobe says "N/A". */
export type ProbedStream = z.infer<typeof Stream>;
/** A file as ffprobe describes it. */
export type ProbedFile = z.infer<typeof Probe>;
/** A stretch of a file in seconds: from a key frame near `from` on. */
export interface Stretch {
  readonly from: number;
  readonly span: number;
}

/** A packet's presentation time in seconds on the player's clock (NaN where unknown); whether decoding can begin at it. */
export interface ProbedPacket {
  readonly time: number;
  readonly key: boolean;
}

/**
 * Runs ffprobe once for the format, the streams and the packets of a stretch (starting the program takes longer than
 * reading them); `packetsOf` gives those of one stream, as `probePackets` would.
 * @param head the file's first bytes, by which a damaged video is told from a file of another kind
 * @throws TubeletError `damaged` or `not-media` where ffprobe cannot open the file, `cancelled`
 */
export async function probeFile(
  ffprobe: FfmpegBinary,
  path: string,
  head: Uint8Array,
  stretch: Stretch,
  signal?: AbortSignal,
): Promise<{ file: ProbedFile; packetsOf: (stream: number) => ProbedPacket[] }> {
  const wanted = ['-show_format', '-show_streams', '-show_entries', 'packet=stream_index,pts_time,flags'];
  const said = await run(ffprobe, path, [...wanted, '-read_intervals', intervalOf(stretch)], signal, head);
  const { packets, format } = Packets.parse(said);
  return {
    file: Probe.parse(said),
    packetsOf: (stream) =>
      onPlayersClock(
        packets.filter((packet) => packet.stream_index === stream),
        format?.start_time,
      ),
  };
}

/**
 * The packets of one stream, in file order, in a stretch of the file that begins at a key frame near `from` and lasts
 * `span` seconds.
 */
export async function probePackets(
  ffprobe: FfmpegBinary,
  path: string,
  stream: number,
  stretch: Stretch,
  signal?: AbortSignal,
): Promise<ProbedPacket[]> {
  const wanted = ['-show_entries', 'packet=pts_time,flags:format=start_time'];
  const options = ['-read_intervals', intervalOf(stretch), '-select_streams', `${stream}`, ...wanted];
  const { packets, format } = Packets.parse(await run(ffprobe, path, options, signal));
  return onPlayersClock(packets, format?.start_time);
}

/** A stretch as ffprobe's `-read_intervals` wants it. */
function intervalOf({ from, span }: Stretch): string {
  return `${from > 0 ? from : ''}%+${span}`;
}

function onPlayersClock(
  packets: readonly z.infer<typeof Packet>[],
  fileStart: number | undefined,
): ProbedPacket[] {
  const start = fileStart === undefined || Number.isNaN(fileStart) ? 0 : fileStart;
  return packets.map((packet) => ({
    time: (packet.pts_time ?? Number.NaN) - start,
    key: packet.flags.startsWith('K'),
  }));
}

function run(
  ffprobe: FfmpegBinary,
  path: string,
  options: readonly string[],
  signal?: AbortSignal,
  head: Uint8Array = new Uint8Array(),
): Promise<unknown> {
  throwIfCancelled(signal, path);
  return new Promise((settle, fail) => {
    execFile(
      ffprobe.path,
      ['-v', 'error', '-of', 'json', ...options, '-i', fileUrl(path)],
      {
        maxBuffer: 256 * 1024 * 1024,
        windowsHide: true,
        timeout: PROBE_TIMEOUT,
        killSignal: 'SIGKILL',
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) settle(JSON.parse(stdout));
        else if (signal?.aborted === true) fail(new TubeletError('cancelled', 'Cancelled.', { path }));
        else if (error.killed === true) fail(tooSlow(path));
        else if (typeof error.signal === 'string') fail(crashed(path, ffprobe, error.signal));
        else fail(unopened(path, stderr, head));
      },
    );
  });
}

/** Longer than any sound file takes, even on a sleeping disk. Milliseconds. */
const PROBE_TIMEOUT = 120_000;

function tooSlow(path: string): TubeletError {
  return new TubeletError('too-slow', `ffprobe found no answer within ${PROBE_TIMEOUT / 1000} seconds.`, {
    path,
    hint: 'See whether the disk answers, then retry.',
  });
}

/** Old builds crash on some files (statically linked ones on transport streams): that says nothing against the file. */
function crashed(path: string, ffprobe: FfmpegBinary, signal: string): TubeletError {
  return new TubeletError('ffmpeg-failed', `ffprobe ${ffprobe.version} crashed on this file (${signal}).`, {
    path,
    hint: 'Install a current FFmpeg, or choose one in the settings, then retry.',
  });
}

/** First boxes of ISO media files (ISO 14496-12 and QuickTime). */
const ISO_BOXES = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'moof', 'styp']);

/** True where the first bytes are those of MP4, QuickTime, Matroska, WebM or AVI: then a failure is damage. */
function beginsLikeVideo(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 12)).toString('latin1');
  return (
    ISO_BOXES.has(text.slice(4, 8)) ||
    text.startsWith('\x1a\x45\xdf\xa3') ||
    (text.startsWith('RIFF') && text.endsWith('AVI '))
  );
}

/** What it means that ffprobe could not open a file, from its first bytes and the last thing ffprobe said. */
function unopened(path: string, stderr: string, head: Uint8Array): TubeletError {
  const said = lastLine(stderr).replace(`${fileUrl(path)}: `, '');
  const rare = rarePictureOf(head);
  if (rare !== null) return unreadPicture(rare, path);
  if (beginsLikeVideo(head)) {
    return new TubeletError('damaged', `The file is cut short or damaged: ${said}`, {
      path,
      hint: 'Copy it again from where it came; a recording that was broken off may be repaired by the program that made it.',
    });
  }
  return new TubeletError('not-media', `This is no video or picture that FFmpeg can read: ${said}`, {
    path,
    hint: 'If it plays elsewhere, convert it to MP4 first.',
  });
}

/** A picture of a kind that not every build reads could not be read: whether it is sound cannot be told. */
export function unreadPicture(kind: string, path: string): TubeletError {
  return new TubeletError('not-media', `This FFmpeg cannot read this ${kind} picture.`, {
    path,
    hint: 'Choose a newer FFmpeg in the settings, or convert the picture to JPEG or PNG (an animation to MP4).',
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
