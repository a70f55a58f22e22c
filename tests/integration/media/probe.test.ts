import { chmod, copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportOf } from '../../../electron/engine/errors.ts';
import { probe } from '../../../electron/engine/media/probe.ts';
import { readSheets, thumbnailAt } from '../../../electron/engine/media/thumbnails.ts';
import { makeVideo, pixel, testCard } from '../../fixtures/videos.ts';
import { bothBinaries, GEOMETRY, readAll } from './reading.ts';

const folder = await mkdtemp(join(tmpdir(), 'tubelet-probe-'));
const SIZE = GEOMETRY.size;

/** A picture whose upper left corner is red and the rest blue. */
const corner = (extension: string, args: readonly string[] = []): Promise<string> =>
  makeVideo(extension, [
    ...[
      '-f',
      'lavfi',
      '-i',
      'color=blue:size=120x80,drawbox=w=60:h=40:color=red:t=fill',
      '-frames:v',
      '1',
      ...args,
    ],
  ]);

/** The beginning of a WebP that announces an animation of 64 x 64 pixels (RFC 9649 2.7). */
function animatedWebpHeader(): Buffer {
  const chunk = (name: string, payload: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32LE(payload.length, 4);
    return Buffer.concat([head, payload]);
  };
  const extended = chunk('VP8X', Buffer.from('020000003f00003f0000', 'hex'));
  const animation = chunk('ANIM', Buffer.alloc(6));
  return chunk(
    'RIFF',
    Buffer.concat([Buffer.from('WEBP'), extended, animation, chunk('ANMF', Buffer.alloc(16))]),
  );
}

/** Puts an EXIF segment with the orientation right behind a JPEG's first marker. */
function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  tiff.writeUInt16BE(orientation, 18);
  const payload = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xffe1, 0);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, payload, jpeg.subarray(2)]);
}

describe.each(await bothBinaries())('probing with %s', (_, binaries) => {
  const codeOf = (path: string): Promise<string> =>
    probe(path, binaries).then(
      () => 'probed',
      (error: unknown) => String((error as { code?: string }).code),
    );

  it('says of a video what a player shows', async () => {
    expect(await probe(await testCard(6, { rate: 25, gop: 50 }), binaries)).toMatchObject({
      kind: 'video',
      duration: 6,
      start: 0,
      width: 320,
      height: 180,
      rotation: 0,
      frameRate: 25,
      frameRateRational: [25, 1],
      codec: 'h264',
      pixelFormat: 'yuv420p',
      streamIndex: 0,
      audioCodec: null,
      keyFrameInterval: 2,
    });
  });

  it('chooses the film and not its cover, and names the sound', async () => {
    const film = await testCard(2);
    const path = await makeVideo('mp4', [
      ...['-i', await corner('png'), '-i', film, '-f', 'lavfi', '-i', 'sine=duration=2'],
      ...[
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '2',
        '-c:v',
        'copy',
        '-c:a',
        'aac',
        '-disposition:v:0',
        'attached_pic',
      ],
    ]);
    const facts = await probe(path, binaries);
    expect([facts.codec, facts.width, facts.audioCodec]).toEqual(['h264', 320, 'aac']);
  });

  it('tells apart the ways in which a file is no video', async () => {
    const sound = await makeVideo('m4a', ['-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac']);
    const text = join(folder, 'letter.mp4');
    await writeFile(text, 'Dear reader, this is not a film.\n'.repeat(50));
    const empty = join(folder, 'empty.mp4');
    await writeFile(empty, '');
    const cut = join(folder, 'cut.mp4');
    await writeFile(cut, (await readFile(await testCard(2))).subarray(0, 20_000));
    expect(await codeOf(join(folder, 'nowhere.mp4'))).toBe('not-found');
    expect(await codeOf(folder)).toBe('unreadable');
    expect(await codeOf(sound)).toBe('no-video-stream');
    expect(await codeOf(text)).toBe('not-media');
    expect(await codeOf(empty)).toBe('not-media');
    expect(await codeOf(cut)).toBe('damaged');
  });

  it.each([
    ['animated WebP', animatedWebpHeader()],
    ['HEIC', Buffer.from('0000001c667479706865696300000000686569636d69663100000000', 'hex')],
  ])('says that %s is what it cannot read, and not that it is damaged', async (kind, bytes) => {
    const path = join(folder, 'picture');
    await writeFile(path, bytes);
    const failure = await probe(path, binaries).then(
      () => null,
      (error: unknown) => reportOf(error),
    );
    expect(failure).toMatchObject({ code: 'not-media', message: expect.stringContaining(kind) as string });
    expect(failure?.hint).toContain('JPEG');
  });

  it.skipIf(process.getuid?.() === 0)(
    'says that a file may not be read (skipped for the superuser, who may)',
    async () => {
      const path = join(folder, 'secret.mp4');
      await copyFile(await testCard(2), path);
      await chmod(path, 0o000);
      expect(await codeOf(path)).toBe('unreadable');
    },
  );

  it.each(['jpg', 'png', 'bmp', 'gif', 'tiff'])('reads a %s as one clip of one frame', async (extension) => {
    const path = await corner(extension);
    const facts = await probe(path, binaries);
    expect(facts).toMatchObject({ kind: 'image', width: 120, height: 80, duration: 0, start: 0 });
    const clips = await readAll(path, binaries);
    expect(clips.map(({ frames: _frames, ...clip }) => clip)).toEqual([
      { ordinal: 0, start: 0, end: 0, cutBefore: true, frameCount: 1 },
    ]);
    const [red, , blue] = pixel(clips[0]!.frames, SIZE, 0.25, 0.25);
    expect(red).toBeGreaterThan(200);
    expect(blue).toBeLessThan(60);
    expect(pixel(clips[0]!.frames, SIZE, 0.75, 0.75)[2]).toBeGreaterThan(200);
  });

  it('takes an animated GIF for a film', async () => {
    const path = await makeVideo('gif', ['-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=10:duration=2']);
    expect((await probe(path, binaries)).kind).toBe('video');
    expect((await readAll(path, binaries)).at(-1)!.end).toBeCloseTo(2, 1);
  });

  it.each([
    [1, [120, 80], [0.25, 0.25]],
    [3, [120, 80], [0.75, 0.75]],
    [6, [80, 120], [0.75, 0.25]],
    [8, [80, 120], [0.25, 0.75]],
    [2, [120, 80], [0.75, 0.25]],
  ])('puts a photograph of EXIF orientation %s upright', async (orientation, size, [x, y]) => {
    const path = join(folder, `turned ${orientation} 100%d [x].jpg`);
    await writeFile(path, withOrientation(await readFile(await corner('jpg', ['-q:v', '2'])), orientation));
    const facts = await probe(path, binaries);
    expect([facts.width, facts.height]).toEqual(size);
    const thumbnails = join(folder, `thumbs ${orientation} 50%`);
    const [clip] = await readAll(path, binaries, { thumbnails });
    expect(pixel(clip!.frames, SIZE, x!, y!)[0]).toBeGreaterThan(200);
    const place = thumbnailAt(await readSheets(thumbnails), 0);
    const thumb = await probe(join(thumbnails, place.sheet), binaries);
    expect([thumb.width, thumb.height]).toEqual([place.width, place.height]);
    expect(place.width > place.height).toBe(size[0]! > size[1]!);
  });

  it('reads files whatever their names look like to ffmpeg', async () => {
    const odd = join(folder, 'a:b %03d -i ’né [1].mp4');
    await mkdir(folder, { recursive: true });
    await copyFile(await testCard(2), odd);
    expect((await readAll(odd, binaries)).length).toBe(1);
  });
});
