import { expect, it } from 'vitest';
import { clock } from '../../fixtures/videos.ts';
import { counted } from './counted.ts';
import { bothBinaries, readAll } from './reading.ts';

it('starts ffmpeg once for a video, and not to ask it what it can do', async () => {
  const [, found] = (await bothBinaries())[0]!;
  const { binaries, starts } = await counted(found);
  expect(await readAll(await clock(5), binaries)).not.toEqual([]);
  const started = await starts();
  expect(started).toHaveLength(1);
  expect(started[0]).toContain('-f rawvideo');
});
