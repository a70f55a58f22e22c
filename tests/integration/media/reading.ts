import { resolveBinaries } from '../../../electron/engine/media/binaries.ts';
import type { FfmpegBinaries } from '../../../electron/engine/media/binaries.ts';
import { readClips } from '../../../electron/engine/media/clips.ts';
import type { ClipSource } from '../../../electron/engine/media/clips.ts';
import { probe } from '../../../electron/engine/media/probe.ts';
import type { ClipFrames } from '../../../electron/engine/media/types.ts';
import type { InputGeometry } from '../../../electron/engine/tubelets/geometry.ts';

/** 16 frames in 4 seconds, small enough to be quick. */
export const GEOMETRY: InputGeometry = { frames: 16, size: 64, seconds: 4, tubes: [], still: [] };

/** The newest ffmpeg of this machine, and the old build that npm brings: everything has to work with both. */
export async function bothBinaries(): Promise<[string, FfmpegBinaries][]> {
  const installed = await resolveBinaries();
  const packaged = await resolveBinaries({ searchPath: '' });
  return [
    [`ffmpeg from ${installed.ffmpeg.source}`, installed],
    ['ffmpeg from the npm package', packaged],
  ];
}

/** Probes and reads a whole file. */
export async function readAll(
  path: string,
  binaries: FfmpegBinaries,
  options: Partial<ClipSource> = {},
): Promise<ClipFrames[]> {
  const facts = options.facts ?? (await probe(path, binaries));
  const clips: ClipFrames[] = [];
  for await (const clip of readClips({
    path,
    facts,
    geometry: GEOMETRY,
    mode: 'thorough',
    binaries,
    ...options,
  })) {
    clips.push(clip);
  }
  return clips;
}

/** One frame of a clip. */
export function frameOf(clip: ClipFrames, number: number, size = GEOMETRY.size): Uint8Array {
  return clip.frames.subarray(number * size * size * 3, (number + 1) * size * size * 3);
}

/** Start, end and cut of each clip, rounded to milliseconds, with a star for a cut. */
export function spans(clips: readonly ClipFrames[]): string[] {
  const ms = (seconds: number): string => String(Math.round(seconds * 1000) / 1000);
  return clips.map((clip) => `${ms(clip.start)}-${ms(clip.end)}${clip.cutBefore ? '*' : ''}`);
}
