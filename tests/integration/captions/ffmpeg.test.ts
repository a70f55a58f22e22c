import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cue } from '../../../electron/engine/captions/cue.ts';
import { writeSrt } from '../../../electron/engine/captions/srt.ts';
import { readSubtitles } from '../../../electron/engine/captions/subtitles.ts';
import { writeVtt } from '../../../electron/engine/captions/vtt.ts';
import { resolveBinaries } from '../../../electron/engine/media/binaries.ts';

const run = promisify(execFile);
const cue = (start: number, end: number, text: string): Cue => ({
  start,
  end,
  text,
  confidence: 1,
  source: 'user',
});

const CUES: Cue[] = [
  cue(0, 1.5, 'A plain caption'),
  cue(1.58, 4.123, 'Two lines,\nthe second shorter'),
  cue(61.001, 62.999, 'Fish & chips, 2 < 3 > 1, “quotes” and naïve emoji 🎬'),
  cue(3599.5, 3600.25, 'Across the hour - 42'),
  cue(36_000, 36_001, '1\n2'),
];

describe('ffmpeg reads back what is written', () => {
  let folder: string;
  let ffmpeg: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tubelet-subtitles-'));
    ({ path: ffmpeg } = (await resolveBinaries()).ffmpeg);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function throughFfmpeg(
    name: string,
    content: string,
    format: string,
  ): Promise<[number, number, string][]> {
    const path = join(folder, name);
    await writeFile(path, content);
    const { stdout } = await run(ffmpeg, ['-v', 'error', '-i', path, '-f', format, '-']);
    return readSubtitles(stdout).cues.map(({ start, end, text }) => [start, end, text]);
  }

  it.each([
    ['SRT', 'cues.srt', writeSrt, 'srt'],
    ['SRT as WebVTT', 'cues.srt', writeSrt, 'webvtt'],
    ['WebVTT', 'cues.vtt', writeVtt, 'webvtt'],
    ['WebVTT as SRT', 'cues.vtt', writeVtt, 'srt'],
  ] as const)('%s: the same times and words', async (_, name, write, format) => {
    expect(await throughFfmpeg(name, write(CUES), format)).toEqual(
      CUES.map(({ start, end, text }) => [start, end, text]),
    );
  });

  it('shows what reads like markup in WebVTT instead of obeying it', async () => {
    const path = join(folder, 'markup.vtt');
    await writeFile(path, writeVtt([cue(0, 1, 'not <i>slanted</i>')]));
    const { stdout } = await run(ffmpeg, ['-v', 'error', '-i', path, '-f', 'ass', '-']);
    expect(stdout).toContain('not <i>slanted</i>');
  });
});
