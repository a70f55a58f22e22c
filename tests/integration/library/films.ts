import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { chooseMode, readClips } from '../../../electron/engine/media/clips.ts';
import { resolveBinaries } from '../../../electron/engine/media/binaries.ts';
import { probe } from '../../../electron/engine/media/probe.ts';
import { FIXTURE_FFMPEG } from '../../fixtures/videos.ts';
import type { MediaReader } from '../../../electron/engine/library/index-file.ts';

/** Runs ffmpeg quietly. */
export function ffmpeg(...parameters: string[]): void {
  execFileSync(FIXTURE_FFMPEG, ['-v', 'error', '-y', ...parameters], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Draws a small film of `seconds`, all content moving; another `seed` gives other content. */
export function drawFilm(path: string, seconds: number, seed = 0): string {
  const hue = `hue=h=${seed * 47}+t*20`;
  ffmpeg(
    ...['-f', 'lavfi', '-i', `testsrc2=size=128x72:rate=8:duration=${seconds}`, '-vf', hue],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '8', '-pix_fmt', 'yuv420p', path],
  );
  return path;
}

export function drawPhoto(path: string, colour: string): string {
  ffmpeg('-f', 'lavfi', '-i', `color=${colour}:size=64x48`, '-frames:v', '1', path);
  return path;
}

/** The real reader over the programs of this machine. */
export async function realReader(): Promise<MediaReader> {
  const binaries = await resolveBinaries();
  return {
    probe: (path, signal) => probe(path, binaries, signal),
    readClips: (options) => readClips({ ...options, binaries }),
    chooseMode,
  };
}

/** Every film of a folder, drawn once a test file. */
export function drawFilms(folder: string): { long: string; short: string; photo: string } {
  return {
    long: drawFilm(join(folder, 'a-long.mp4'), 40),
    short: drawFilm(join(folder, 'b-short.mp4'), 5, 3),
    photo: drawPhoto(join(folder, 'c-photo.png'), 'red'),
  };
}
