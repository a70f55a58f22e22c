import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore, type SqliteStore } from '../../../electron/engine/library/store.ts';
import type { MediaRow } from '../../../electron/engine/library/types.ts';
import type { MediaFacts } from '../../../electron/engine/media/types.ts';
import { bagOfWords, PACK } from './language.ts';

export const FACTS: MediaFacts = {
  kind: 'video',
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  duration: 0,
  start: 0,
  width: 640,
  height: 360,
  rotation: 0,
  frameRate: 25,
  frameRateRational: [25, 1],
  codec: 'h264',
  codecProfile: 'High',
  pixelFormat: 'yuv420p',
  streamIndex: 0,
  audioCodec: null,
  keyFrameInterval: 2,
  takenAt: null,
};

/** One clip of a made file: how long it lasts, what its picture shows (its embedding), whether a shot begins with it. */
export interface MadeClip {
  readonly seconds?: number;
  readonly shows: string;
  readonly cut?: boolean;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tubelet-captions-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A real library in a folder of its own. */
export function temporaryStore(): SqliteStore {
  const store = openStore(temporaryFolder());
  onTestFinished(() => {
    store.close();
  });
  return store;
}

/** An indexed file. The first token value of clip number i is `firstToken + i`: its number in a script. */
export function addVideo(
  store: SqliteStore,
  path: string,
  clips: readonly MadeClip[],
  firstToken = 0,
): MediaRow {
  const root = store.addRoot('/films');
  const found = { path, fingerprint: `print of ${path}`, bytes: 1, modifiedAt: '2026-01-02T03:04:05.000Z' };
  const { id } = store.addMedia(root.id, { ...found, kind: 'video' }, 'thorough');
  store.enqueue(id, 0);
  const duration = clips.reduce((sum, { seconds = 4 }) => sum + seconds, 0);
  store.beginIndexing(id, { ...FACTS, duration }, 'thorough', PACK.revision);
  let clock = 0;
  const rows = clips.map(({ seconds = 4, shows, cut = false }, ordinal) => {
    const start = clock;
    clock += seconds;
    const shared = { ordinal, start, end: clock, cutBefore: cut || ordinal === 0, tokenWidth: 1 };
    return { ...shared, embedding: bagOfWords(shows), tokens: Float32Array.of(firstToken + ordinal) };
  });
  store.appendClips(id, PACK.revision, rows);
  store.finishIndexing(id, PACK.revision);
  return store.media(id)!;
}
