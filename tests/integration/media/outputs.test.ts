import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { exportRange } from '../../../electron/engine/media/export.ts';
import { makePoster, posterFileName } from '../../../electron/engine/media/poster.ts';
import { openPreview } from '../../../electron/engine/media/preview.ts';
import { probe } from '../../../electron/engine/media/probe.ts';
import { readSheets, thumbnailAt } from '../../../electron/engine/media/thumbnails.ts';
import type { IndexMode } from '../../../electron/engine/media/types.ts';
import {
  clock,
  CLOCK_SECONDS,
  clockTime,
  FIXTURE_FFMPEG,
  makeVideo,
  testCard,
} from '../../fixtures/videos.ts';
import { bothBinaries, GEOMETRY, readAll } from './reading.ts';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'tubelet-outputs-'));

/** Brightness of a point of a JPEG's rectangle as a time of the clock. */
async function shownIn(sheet: string, x: number, y: number): Promise<number> {
  const { stdout } = await run(
    FIXTURE_FFMPEG,
    ['-v', 'error', '-i', sheet, '-vf', `crop=2:2:${x}:${y}`, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
    { encoding: 'buffer' },
  );
  return (stdout[0]! * CLOCK_SECONDS) / 255;
}

describe.each(await bothBinaries())('what is written with %s', (name, binaries) => {
  it.each<IndexMode>(['thorough', 'fast'])('lays out one thumbnail a second in sheets (%s)', async (mode) => {
    const thumbnails = await mkdtemp(join(folder, 'sheets-'));
    await readAll(await clock(31, { size: '320x240', rate: 10 }), binaries, { thumbnails, mode });
    const sheets = await readSheets(thumbnails);
    expect(sheets).toEqual({
      cellWidth: 256,
      cellHeight: 192,
      columns: 5,
      rows: 5,
      secondsPerCell: 1,
      count: 31,
      start: 0,
    });
    for (const second of [0, 7, 13, 18]) {
      const place = thumbnailAt(sheets, second + 0.5);
      const shown = await shownIn(join(thumbnails, place.sheet), place.x + 60, place.y + 90);
      expect(Math.abs(shown - second - (mode === 'fast' ? 0 : 0.45)), `${shown} at ${second}`).toBeLessThan(
        0.4,
      );
    }
    expect(thumbnailAt(sheets, 30.9)).toEqual({
      sheet: 'sheet-00001.jpg',
      x: 0,
      y: 192,
      width: 256,
      height: 192,
    });
    const second = await probe(join(thumbnails, 'sheet-00001.jpg'), binaries);
    expect([second.width, second.height]).toEqual([5 * 256, 5 * 192]);
    expect(existsSync(join(thumbnails, 'sheet-00002.jpg'))).toBe(false);
  });

  it.each<IndexMode>(['thorough', 'fast'])('makes a small poster of the middle (%s)', async (mode) => {
    const thumbnails = await mkdtemp(join(folder, 'poster-'));
    const path = await clock(14, { size: '640x480', rate: 10 });
    await readAll(path, binaries, { thumbnails, mode });
    const poster = join(thumbnails, posterFileName('video'));
    const facts = await probe(poster, binaries);
    expect([facts.width, facts.height]).toEqual([320, 240]);
    expect((await stat(poster)).size).toBeLessThan(20_000);
    expect(Math.abs((await shownIn(poster, 80, 120)) - 7)).toBeLessThan(mode === 'fast' ? 1.1 : 0.4);
  });

  it('makes a poster of a film that has one frame, and of one that was read on from its last clip', async () => {
    const thumbnails = await mkdtemp(join(folder, 'poster-'));
    const short = await clock(0.1, { size: '320x240', rate: 10 });
    await readAll(short, binaries, { thumbnails });
    expect(Math.abs(await shownIn(join(thumbnails, posterFileName('video')), 60, 120))).toBeLessThan(0.4);
    const resumed = await mkdtemp(join(folder, 'poster-'));
    const long = await clock(14, { size: '320x240', rate: 10 });
    await readAll(long, binaries, { thumbnails: resumed });
    const before = await readFile(join(resumed, posterFileName('video')));
    const resume = { ordinal: 3, start: 12, cutBefore: false };
    await readAll(long, binaries, { thumbnails: resumed, resume });
    expect(Buffer.compare(await readFile(join(resumed, posterFileName('video'))), before)).toBe(0);
  });

  it('cuts the poster out of the sheets where an older version left none', async () => {
    const thumbnails = await mkdtemp(join(folder, '100% %d '));
    await readAll(await clock(14, { size: '320x240', rate: 10 }), binaries, { thumbnails });
    const poster = join(thumbnails, posterFileName('video'));
    await rm(poster);
    await makePoster(thumbnails, binaries.ffmpeg);
    expect(Math.abs((await shownIn(poster, 60, 90)) - 7.5)).toBeLessThan(0.6);
    expect((await readdir(thumbnails)).filter((one) => one.startsWith('poster'))).toEqual(['poster.jpg']);
    await rm(poster);
    await writeFile(join(thumbnails, 'sheet-00000.jpg'), 'not a picture');
    await expect(makePoster(thumbnails, binaries.ffmpeg)).rejects.toMatchObject({ code: 'ffmpeg-failed' });
    expect((await readdir(thumbnails)).filter((one) => one.startsWith('poster'))).toEqual([]);
    await expect(makePoster(join(folder, 'nowhere'), binaries.ffmpeg)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('makes a preview of what the player cannot play, from any time on', async () => {
    const path = await clock(8, { codec: ['-c:v', 'mpeg4', '-q:v', '2'], extension: 'avi' });
    const facts = await probe(path, binaries);
    const preview = openPreview(path, facts, 3, { binaries });
    const chunks: Buffer[] = [];
    for await (const chunk of preview.stream) chunks.push(chunk as Buffer);
    await preview.close();
    const bytes = Buffer.concat(chunks);
    expect(bytes.subarray(4, 8).toString()).toBe('ftyp');
    const made = join(folder, `preview of ${name}.mp4`);
    await writeFile(made, bytes);
    const clips = await readAll(made, binaries);
    expect(clips.at(-1)!.end).toBeCloseTo(5, 0);
    expect(Math.abs(clockTime(clips[0]!.frames, GEOMETRY.size) - 3.1)).toBeLessThan(0.4);
  });

  it('stops making a preview when it is closed', async () => {
    const path = await testCard(60);
    const preview = openPreview(path, await probe(path, binaries), 0, { binaries });
    await new Promise((resolve) => preview.stream.once('readable', resolve));
    await preview.close();
    expect(preview.stream.destroyed).toBe(true);
  });

  it('copies a stretch from the key frame before it, and encodes one from the very frame', async () => {
    const path = await makeVideo('mp4', [
      ...['-i', await clock(12, { rate: 24 }), '-f', 'lavfi', '-i', 'sine=duration=12'],
      ...['-c:v', 'copy', '-c:a', 'aac', '-shortest'],
    ]);
    const facts = await probe(path, binaries);
    const request = { path, facts, from: 3.5, to: 6, binaries };
    const copied = await exportRange({ ...request, how: 'copy', target: join(folder, `copy ${name}.mp4`) });
    expect(copied.from).toBeCloseTo(3, 2);
    const encoded = await exportRange({
      ...request,
      how: 'encode',
      target: join(folder, `encode ${name}.mp4`),
    });
    expect(encoded.from).toBe(3.5);
    for (const { target, from, to } of [copied, encoded]) {
      const made = await probe(target, binaries);
      expect(made.duration).toBeCloseTo(to - from, 0);
      expect(made.audioCodec).toBe('aac');
      const [clip] = await readAll(target, binaries, { facts: made });
      expect(Math.abs(clockTime(clip!.frames, GEOMETRY.size) - from - 0.1)).toBeLessThan(0.35);
    }
  });

  it('refuses to export nothing, or a file onto itself, and leaves no half-written file', async () => {
    const path = await testCard(6);
    const facts = await probe(path, binaries);
    const request = { path, facts, from: 1, to: 2, how: 'copy', binaries } as const;
    await expect(exportRange({ ...request, to: 1, target: join(folder, 'n.mp4') })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(exportRange({ ...request, target: path })).rejects.toMatchObject({ code: 'usage' });
    const nowhere = join(folder, 'no such folder', 'x.mp4');
    await expect(exportRange({ ...request, target: nowhere })).rejects.toMatchObject({
      code: 'ffmpeg-failed',
      path: nowhere,
    });
    expect((await readFile(path)).length).toBeGreaterThan(0);
  });
});
