import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FfmpegBinaries } from '../../../electron/engine/media/binaries.ts';
import { clock } from '../../fixtures/videos.ts';
import { bothBinaries, readAll } from './reading.ts';

/** The programs behind scripts that note each start in a file. */
async function counted({ ffmpeg, ffprobe }: FfmpegBinaries): Promise<{
  binaries: FfmpegBinaries;
  starts: () => Promise<string[]>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'tubelet-starts-'));
  const log = join(folder, 'starts');
  const path = join(folder, 'ffmpeg');
  await writeFile(path, `#!/bin/sh\necho "$*" >> '${log}'\nexec '${ffmpeg.path}' "$@"\n`);
  await chmod(path, 0o755);
  const starts = async (): Promise<string[]> => (await readFile(log, 'utf8')).trim().split('\n');
  return { binaries: { ffmpeg: { ...ffmpeg, path }, ffprobe }, starts };
}

it('starts ffmpeg once for a video, and not to ask it what it can do', async () => {
  const [, found] = (await bothBinaries())[0]!;
  const { binaries, starts } = await counted(found);
  expect(await readAll(await clock(5), binaries)).not.toEqual([]);
  const started = await starts();
  expect(started).toHaveLength(1);
  expect(started[0]).toContain('-f rawvideo');
});
