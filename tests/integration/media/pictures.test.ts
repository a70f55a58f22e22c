import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probe } from '../../../electron/engine/media/probe.ts';
import { makeVideo, pixel } from '../../fixtures/videos.ts';
import { counted } from './counted.ts';
import { bothBinaries, GEOMETRY, readAll } from './reading.ts';

const SIZE = GEOMETRY.size;
/** Each its own red and size, so that a frame tells whose it is. */
const PICTURES = Array.from({ length: 20 }, (_, number) => ({
  red: 12 * number,
  size: number === 7 ? '2000x1500' : `${120 + 8 * number}x${90 + 6 * number}`,
  extension: number % 5 === 3 ? 'png' : 'jpg',
}));

function draw({ red, size, extension }: (typeof PICTURES)[number]): Promise<string> {
  const colour = `0x${red.toString(16).padStart(2, '0')}2060`;
  return makeVideo(extension, ['-f', 'lavfi', '-i', `color=${colour}:size=${size}`, '-frames:v', '1']);
}

/** A picture whose header is whole and whose data are not there. */
async function beheaded(): Promise<string> {
  const whole = await readFile(await draw(PICTURES[2]!));
  const path = join(await mkdtemp(join(tmpdir(), 'tubelet-cut-')), 'cut.jpg');
  await writeFile(path, whole.subarray(0, whole.indexOf(Buffer.from([0xff, 0xda]))));
  return path;
}

describe.each(await bothBinaries())('pictures with %s', (_, found) => {
  it('reads several by one ffmpeg, each with its own frame and thumbnail', async () => {
    const { binaries, starts } = await counted(found);
    const folder = await mkdtemp(join(tmpdir(), 'tubelet-pictures-'));
    const paths = await Promise.all(PICTURES.map(draw));
    const read = await Promise.all(
      paths.map((path, number) => readAll(path, binaries, { thumbnails: join(folder, `${number} %d:x`) })),
    );
    for (const [number, clips] of read.entries()) {
      expect(clips).toHaveLength(1);
      const [red] = pixel(clips[0]!.frames, SIZE, 0.5, 0.5);
      expect(Math.abs(red - PICTURES[number]!.red), `picture ${number}: ${red}`).toBeLessThan(6);
      const thumbnail = await readFile(join(folder, `${number} %d:x`, 'thumb.jpg'));
      expect(thumbnail.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
    }
    expect((await starts()).length).toBeLessThanOrEqual(PICTURES.length / 4);
  });

  it('lets the JPEG decoder halve a large picture, which gives the same picture', async () => {
    const { binaries, starts } = await counted(found);
    const path = await makeVideo('jpg', [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=1600x1200', '-frames:v', '1', '-q:v', '2'],
    ]);
    const whole = await makeVideo('png', ['-i', path, '-frames:v', '1']);
    const [halved, scaled] = [await readAll(path, binaries), await readAll(whole, binaries)];
    expect((await starts())[0]).toContain('-lowres 3');
    const [a, b] = [halved[0]!.frames, scaled[0]!.frames];
    const error = a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0) / a.length;
    expect(10 * Math.log10(255 ** 2 / error)).toBeGreaterThan(30);
  });

  it('reads each alone where one of them is damaged, so that only this one fails', async () => {
    const paths = [...(await Promise.all(PICTURES.slice(0, 4).map(draw))), await beheaded()];
    const read = await Promise.allSettled(paths.map((path) => readAll(path, found)));
    for (const [number, outcome] of read.slice(0, 4).entries()) {
      if (outcome.status === 'rejected') throw outcome.reason;
      const [red] = pixel(outcome.value[0]!.frames, SIZE, 0.5, 0.5);
      expect(Math.abs(red - PICTURES[number]!.red)).toBeLessThan(6);
    }
    expect(read[4]).toMatchObject({ status: 'rejected', reason: { code: 'damaged', path: paths[4] } });
  });

  it('gives up those that are cancelled, and reads the others', async () => {
    const [path, other] = [await draw(PICTURES[0]!), await draw(PICTURES[1]!)];
    const controller = new AbortController();
    const facts = await probe(path, found);
    const kept = readAll(other, found);
    const cancelled = readAll(path, found, { facts, signal: controller.signal });
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled', path });
    expect(await kept).toHaveLength(1);
  });
});
