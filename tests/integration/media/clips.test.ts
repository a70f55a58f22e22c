import { execFile } from 'node:child_process';
import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { chooseMode, readClips } from '../../../electron/engine/media/clips.ts';
import { probe } from '../../../electron/engine/media/probe.ts';
import type { ClipFrames, IndexMode } from '../../../electron/engine/media/types.ts';
import { clock, clockTime, makeVideo, montage, pixel, remux, testCard } from '../../fixtures/videos.ts';
import { bothBinaries, frameOf, GEOMETRY, readAll, spans } from './reading.ts';

const run = promisify(execFile);
const SIZE = GEOMETRY.size;
/** Seconds that brightness, read back from 8-bit video, may be off. */
const CLOCK_ERROR = 0.25;

/** Compares what the clock in each frame shows with the frame's place in its clip. */
function expectClock(clips: readonly ClipFrames[], shownAt: (time: number) => number = (time) => time): void {
  for (const clip of clips) {
    for (let i = 0; i < clip.frameCount; i++) {
      const time = clip.start + ((i + 0.5) * (clip.end - clip.start)) / clip.frameCount;
      const shown = clockTime(frameOf(clip, i), SIZE);
      expect(
        Math.abs(shown - shownAt(time)),
        `clip ${clip.ordinal}, frame ${i}: ${shown} for ${time}`,
      ).toBeLessThan(CLOCK_ERROR);
    }
  }
}

async function children(): Promise<string[]> {
  const { stdout } = await run('ps', ['--ppid', String(process.pid), '-o', 'comm=']);
  return stdout.split('\n').filter((name) => name.startsWith('ffmpeg'));
}

describe.each(await bothBinaries())('reading clips with %s', (_, binaries) => {
  it('divides a video into windows of frames that show their times', async () => {
    const clips = await readAll(await clock(10), binaries);
    expect(spans(clips)).toEqual(['0-4*', '4-8', '8-10']);
    expect(clips.map((clip) => clip.frames.length)).toEqual([1, 2, 3].map(() => 16 * SIZE * SIZE * 3));
    expectClock(clips);
  });

  it('counts times as a player does where the picture begins after the sound', async () => {
    const path = await clock(6);
    const delayed = await makeVideo('mkv', [
      ...['-f', 'lavfi', '-i', 'sine=duration=8', '-itsoffset', '1.5', '-i', path],
      ...['-map', '0:a', '-map', '1:v', '-c:v', 'copy', '-c:a', 'aac'],
    ]);
    const facts = await probe(delayed, binaries);
    expect(facts.start).toBeGreaterThan(1);
    const clips = await readAll(delayed, binaries);
    expect(clips[0]!.start).toBeCloseTo(facts.start, 3);
    expect(clips.at(-1)!.end).toBeCloseTo(facts.start + 6, 1);
    expectClock(clips, (time) => time - facts.start);
  });

  it('takes off the offset at which transport streams begin, or says that the build cannot read them', async () => {
    const path = await remux(await clock(5), 'ts');
    if (binaries.ffprobe.source === 'package') {
      // The packaged ffprobe for Linux is linked statically and crashes on the names of services.
      const outcome = await probe(path, binaries).then(
        (facts) => facts.container,
        (error: unknown) => error,
      );
      if (outcome !== 'mpegts') expect(outcome).toMatchObject({ code: 'ffmpeg-failed', path });
      return;
    }
    const facts = await probe(path, binaries);
    expect(facts.start).toBeCloseTo(0, 1);
    expectClock(await readAll(path, binaries));
  });

  it('shows the frame that a player shows where frames are far apart', async () => {
    const path = await clock(9, { filters: "select='lt(t,3)+gte(t,6)'", extra: ['-vsync', 'vfr'] });
    const clips = await readAll(path, binaries);
    expect(clips.at(-1)!.end).toBeCloseTo(9, 1);
    for (const clip of clips) {
      const shown = clockTime(frameOf(clip, 8), SIZE);
      const time = clip.start + (8.5 / 16) * (clip.end - clip.start);
      const expected = time > 3 && time < 6 ? 2.96 : time;
      expect(Math.abs(shown - expected), `${shown} at ${time}`).toBeLessThan(CLOCK_ERROR);
    }
  });

  it('turns frames upright as the container says', async () => {
    const path = await remux(await clock(2), 'mp4', ['-metadata:s:v:0', 'rotate=90']);
    const facts = await probe(path, binaries);
    expect([facts.width, facts.height, facts.rotation]).toEqual([120, 160, 270]);
    const [clip] = await readAll(path, binaries);
    const [red, green] = pixel(frameOf(clip!, 0), SIZE, 0.5, 0.25);
    expect(red).toBeGreaterThan(180);
    expect(green).toBeLessThan(60);
    expect(clockTime(frameOf(clip!, 15), SIZE, 0.5, 0.75)).toBeLessThan(2.2);
  });

  it('gives the size as shown where pixels are not square', async () => {
    const facts = await probe(await clock(2, { filters: 'setsar=2/1' }), binaries);
    expect([facts.width, facts.height]).toEqual([320, 120]);
    expectClock(await readAll(await clock(2, { filters: 'setsar=2/1' }), binaries));
  });

  it('reads 10-bit video', async () => {
    const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le'];
    const path = await clock(3, { codec });
    expect((await probe(path, binaries)).pixelFormat).toBe('yuv420p10le');
    expectClock(await readAll(path, binaries));
  });

  it('reads odd sizes, and a video of a single frame', async () => {
    expectClock(
      await readAll(await clock(2, { size: '161x119', codec: ['-c:v', 'ffv1'], extension: 'mkv' }), binaries),
    );
    const single = await readAll(await testCard(0.04), binaries);
    expect(single.map((clip) => clip.frameCount)).toEqual([16]);
  });

  it('begins a new clip at each hard cut and nowhere else', async () => {
    const path = await montage([
      { source: 'mandelbrot=size=320x180:rate=25:start_scale=1', seconds: 3 },
      { source: 'testsrc2=size=320x180:rate=25', seconds: 5.6 },
      {
        source: 'color=darkgreen:size=320x180:rate=25,drawbox=x=40:y=90:w=100:h=60:color=gold:t=fill',
        seconds: 2,
      },
    ]);
    expect(spans(await readAll(path, binaries))).toEqual(['0-3*', '3-7*', '7-8.5', '8.5-10.6*']);
  });

  it('goes on after any clip exactly as if it had not been interrupted', async () => {
    const path = await montage([
      { source: 'testsrc2=size=320x180:rate=25', seconds: 30.4 },
      { source: 'mandelbrot=size=320x180:rate=25:start_scale=1', seconds: 7 },
    ]);
    const folder = await mkdtemp(join(tmpdir(), 'tubelet-resume-'));
    const whole = await readAll(path, binaries, { thumbnails: folder });
    expect(whole.length).toBeGreaterThan(8);
    const sheet = await readFile(join(folder, 'sheet-00001.jpg'));
    const sheets = await readFile(join(folder, 'sheets.json'), 'utf8');
    for (const k of [1, 4, 7, whole.length - 1]) {
      const next = whole[k]!;
      const resume = { ordinal: k, start: whole[k - 1]!.end, cutBefore: next.cutBefore };
      const rest = await readAll(path, binaries, { resume, thumbnails: folder });
      expect(spans(rest)).toEqual(spans(whole.slice(k)));
      rest.forEach((clip, i) => {
        expect(clip.ordinal).toBe(k + i);
        expect(Buffer.compare(clip.frames, whole[k + i]!.frames), `frames of clip ${k + i} after ${k}`).toBe(
          0,
        );
      });
    }
    expect(Buffer.compare(await readFile(join(folder, 'sheet-00001.jpg')), sheet)).toBe(0);
    expect(await readFile(join(folder, 'sheets.json'), 'utf8')).toBe(sheets);
  });

  it('takes the key frame nearest the middle of each window in fast mode', async () => {
    const path = await clock(14, { rate: 24 });
    const facts = await probe(path, binaries);
    expect(facts.keyFrameInterval).toBeCloseTo(1, 2);
    expect(chooseMode(facts)).toEqual({ mode: 'fast', reason: null });
    const clips = await readAll(path, binaries, { mode: 'fast' });
    expect(spans(clips)).toEqual(['0-4*', '4-8', '8-12', '12-14']);
    expect(clips.map((clip) => Math.round(clockTime(clip.frames, SIZE)))).toEqual([2, 6, 10, 13]);
    const resume = { ordinal: 2, start: 8, cutBefore: false };
    const rest = await readAll(path, binaries, { mode: 'fast', resume });
    expect(rest.map((clip) => Buffer.compare(clip.frames, clips[clip.ordinal]!.frames))).toEqual([0, 0]);
  });

  it('lets a key frame stand where others are missing, and takes none from behind the window', async () => {
    const keys = [0, 1, 2, 3, 3.5, 4, 4.5, 5, 5.5, 6, 13.5];
    const path = await makeVideo('mp4', [
      ...[
        '-i',
        await clock(18),
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-g',
        '9999',
        '-sc_threshold',
        '0',
      ],
      ...['-force_key_frames', keys.join(',')],
    ]);
    const clips = await readAll(path, binaries, { mode: 'fast' });
    expect(spans(clips)).toEqual(['0-4*', '4-8', '8-12', '12-16', '16-18']);
    expect(clips.map((clip) => Math.round(2 * clockTime(clip.frames, SIZE)) / 2)).toEqual([
      2, 6, 6, 13.5, 13.5,
    ]);
    const resume = { ordinal: 2, start: 8, cutBefore: false };
    const rest = await readAll(path, binaries, { mode: 'fast', resume });
    expect(rest.map((clip) => Buffer.compare(clip.frames, clips[clip.ordinal]!.frames))).toEqual([0, 0, 0]);
  });

  it.each<IndexMode>(['thorough', 'fast'])(
    'gives the clips of a file that is cut short, then says so (%s)',
    async (mode) => {
      const whole = await testCard(20, {
        codec: ['-c:v', 'libx264', '-preset', 'ultrafast', '-movflags', '+faststart'],
      });
      const path = join(await mkdtemp(join(tmpdir(), 'tubelet-cut-')), 'short.mp4');
      const bytes = await readFile(whole);
      await writeFile(path, bytes);
      await truncate(path, Math.floor(bytes.length * 0.6));
      const facts = await probe(path, binaries);
      const clips: ClipFrames[] = [];
      const reading = (async () => {
        for await (const clip of readClips({ path, facts, geometry: GEOMETRY, mode, binaries }))
          clips.push(clip);
      })();
      await expect(reading).rejects.toMatchObject({ code: 'damaged', path });
      expect(clips.length).toBeGreaterThanOrEqual(2);
      expect(clips.at(-1)!.end).toBeLessThanOrEqual(16);
    },
  );

  it('stops ffmpeg when it is cancelled or left early', async () => {
    const path = await testCard(60);
    const facts = await probe(path, binaries);
    const source = { path, facts, geometry: GEOMETRY, mode: 'thorough', binaries } as const;
    for await (const clip of readClips(source)) {
      expect(clip.ordinal).toBe(0);
      break;
    }
    expect(await children()).toEqual([]);
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _clip of readClips({ ...source, signal: controller.signal })) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    expect(await children()).toEqual([]);
  });

  it('gives up on a file that yields no frame', async () => {
    const facts = await probe(await testCard(10), binaries);
    const path = join(await mkdtemp(join(tmpdir(), 'tubelet-stall-')), 'pipe.mp4');
    await run('mkfifo', [path]);
    const reading = readClips({
      path,
      facts,
      geometry: GEOMETRY,
      mode: 'thorough',
      binaries,
      stallAfter: 400,
    }).next();
    await expect(reading).rejects.toMatchObject({ code: 'too-slow', path });
    expect(await children()).toEqual([]);
  });
});
