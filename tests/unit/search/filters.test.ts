import { describe, expect, test } from 'vitest';
import type { MediaFacts } from '../../../electron/engine/media/types.ts';
import type { MediaRow } from '../../../electron/engine/library/types.ts';
import { admits } from '../../../electron/engine/search/filters.ts';

const FACTS: MediaFacts = {
  kind: 'video',
  container: 'mp4',
  duration: 60,
  start: 0,
  width: 64,
  height: 48,
  rotation: 0,
  frameRate: 25,
  frameRateRational: [25, 1],
  codec: 'h264',
  codecProfile: null,
  pixelFormat: 'yuv420p',
  streamIndex: 0,
  audioCodec: null,
  keyFrameInterval: 1,
  takenAt: '2024-05-10T12:00:00.000Z',
};
const FILM: MediaRow = {
  id: 7,
  rootId: 1,
  path: '/home/me/Videos/Summer Holiday/beach.mp4',
  fingerprint: 'f',
  bytes: 1,
  modifiedAt: '2025-01-01T00:00:00.000Z',
  kind: 'video',
  facts: FACTS,
  state: 'indexed',
  error: null,
  mode: 'thorough',
  packRevision: 'r1',
  clipCount: 15,
  addedAt: '',
  indexedAt: '',
};
const PHOTO: MediaRow = {
  ...FILM,
  id: 8,
  kind: 'image',
  facts: { ...FACTS, kind: 'image', duration: 0, takenAt: null },
};

describe('filters', () => {
  test.each([
    [{ folders: ['summer holiday'] }, true],
    [{ folders: ['Videos/Summer Holiday'] }, true],
    [{ folders: ['/home/me/videos'] }, true],
    [{ folders: ['winter', 'Videos'] }, true],
    [{ folders: ['Summer'] }, false],
    [{ folders: ['beach.mp4'] }, false],
    [{ folders: ['/'] }, false],
    [{ longer: 30 }, true],
    [{ longer: 61 }, false],
    [{ shorter: 30 }, false],
    [{ after: Date.parse('2024-05-01'), before: Date.parse('2024-06-01') }, true],
    [{ after: Date.parse('2024-06-01') }, false],
    [{ type: 'image' as const }, false],
    [{ mediaIds: [7] }, true],
    [{ mediaIds: [8] }, false],
    [{}, true],
  ])('%j admit a film: %s', (filters, admitted) => {
    expect(admits(filters, FILM)).toBe(admitted);
  });

  test('by length leave photographs out', () => {
    expect(admits({ shorter: 1000 }, PHOTO)).toBe(false);
  });

  test('by day go by the last change where a file does not say when it was taken', () => {
    expect(admits({ after: Date.parse('2024-12-31') }, PHOTO)).toBe(true);
  });
});
