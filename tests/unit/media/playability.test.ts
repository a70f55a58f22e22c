import { describe, expect, it } from 'vitest';
import { chooseMode } from '../../../electron/engine/media/clips.ts';
import { playability } from '../../../electron/engine/media/playability.ts';
import { thumbnailAt } from '../../../electron/engine/media/thumbnails.ts';
import type { MediaFacts } from '../../../electron/engine/media/types.ts';

const film: MediaFacts = {
  kind: 'video',
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  duration: 60,
  start: 0,
  width: 1920,
  height: 1080,
  rotation: 0,
  frameRate: 30,
  frameRateRational: [30, 1],
  codec: 'h264',
  codecProfile: 'High',
  pixelFormat: 'yuv420p',
  streamIndex: 0,
  audioCodec: 'aac',
  keyFrameInterval: 2,
  takenAt: null,
};

describe('what the built-in player plays', () => {
  it.each<[string, Partial<MediaFacts>]>([
    ['H.264 and AAC in MP4', {}],
    ['VP9 and Opus in WebM', { container: 'matroska,webm', codec: 'vp9', audioCodec: 'opus' }],
    [
      '10-bit VP9',
      { container: 'matroska,webm', codec: 'vp9', pixelFormat: 'yuv420p10le', audioCodec: null },
    ],
    ['AV1 without sound', { codec: 'av1', audioCodec: null }],
    ['uncompressed sound', { audioCodec: 'pcm_s16le' }],
    ['a photograph', { kind: 'image', container: 'jpeg_pipe', codec: 'mjpeg' }],
  ])('plays %s directly', (_, facts) => {
    expect(playability({ ...film, ...facts })).toEqual({ play: 'direct', reason: null });
  });

  it.each<[string, Partial<MediaFacts>, string]>([
    ['HEVC', { codec: 'hevc' }, 'hevc'],
    ['MPEG-4 ASP', { codec: 'mpeg4' }, 'mpeg4'],
    ['AVI', { container: 'avi' }, 'avi'],
    ['a transport stream', { container: 'mpegts' }, 'mpegts'],
    ['AC-3', { audioCodec: 'ac3' }, 'ac3'],
    ['10-bit H.264', { pixelFormat: 'yuv420p10le' }, 'yuv420p10le'],
    ['4:2:2 H.264', { pixelFormat: 'yuv422p' }, 'yuv422p'],
    ['a TIFF', { kind: 'image', container: 'tiff_pipe', codec: 'tiff' }, 'tiff'],
  ])('wants a preview of %s and says why', (_, facts, named) => {
    const verdict = playability({ ...film, ...facts });
    expect(verdict.play).toBe('preview');
    expect(verdict.reason).toContain(named);
  });
});

describe('choice of the index mode', () => {
  it('reads by key frames where they are close, and says why not where they are not', () => {
    expect(chooseMode(film)).toEqual({ mode: 'fast', reason: null });
    expect(chooseMode({ ...film, keyFrameInterval: 8.4 })).toMatchObject({ mode: 'thorough' });
    expect(chooseMode({ ...film, keyFrameInterval: 8.4 }).reason).toContain('8.4 seconds');
    expect(chooseMode({ ...film, keyFrameInterval: null }).reason).toContain('not known');
    expect(chooseMode(film, 'thorough')).toEqual({ mode: 'thorough', reason: null });
  });
});

describe('place of a thumbnail', () => {
  const sheets = {
    cellWidth: 256,
    cellHeight: 144,
    columns: 5,
    rows: 5,
    secondsPerCell: 1,
    count: 60,
    start: 0.5,
  };
  it.each([
    ['the first second', 0.5, 'sheet-00000.jpg', 0, 0],
    ['a time before the first frame', 0, 'sheet-00000.jpg', 0, 0],
    ['the second row', 6.9, 'sheet-00000.jpg', 256, 144],
    ['the second sheet', 25.5, 'sheet-00001.jpg', 0, 0],
    ['a time after the end', 99, 'sheet-00002.jpg', 4 * 256, 144],
  ])('is found for %s', (_, seconds, sheet, x, y) => {
    expect(thumbnailAt(sheets, seconds)).toEqual({ sheet, x, y, width: 256, height: 144 });
  });

  it('is the whole picture for a still', () => {
    const still = { ...sheets, columns: 1, rows: 1, secondsPerCell: 0, count: 1 };
    expect(thumbnailAt(still, 12)).toEqual({ sheet: 'thumb.jpg', x: 0, y: 0, width: 256, height: 144 });
  });
});
