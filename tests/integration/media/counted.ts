import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FfmpegBinaries } from '../../../electron/engine/media/binaries.ts';

/** The programs, ffmpeg behind a script that notes the arguments of each start in a file. */
export async function counted({ ffmpeg, ffprobe }: FfmpegBinaries): Promise<{
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
