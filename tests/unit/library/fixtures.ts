import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore, type SqliteStore } from '../../../electron/engine/library/store.ts';
import type { FoundFile, MediaRow, NewCaption, NewClip } from '../../../electron/engine/library/types.ts';
import type { MediaFacts } from '../../../electron/engine/media/types.ts';

/** An empty folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tubelet-library-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A store in a folder of its own, closed when the test ends. */
export function temporaryStore(directory = temporaryFolder()): SqliteStore {
  const store = openStore(directory);
  onTestFinished(() => {
    store.close();
  });
  return store;
}

export const FACTS: MediaFacts = {
  kind: 'video',
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  duration: 12,
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

export function file(path: string, fingerprint = `print of ${path}`): FoundFile {
  return { path, fingerprint, bytes: 1000, modifiedAt: '2026-01-02T03:04:05.000Z', kind: 'video' };
}

/** A clip of four seconds whose embedding points along axis `ordinal` and which keeps two tokens of three floats. */
export function clip(ordinal: number): NewClip {
  const embedding = new Float32Array(8);
  embedding[ordinal % 8] = 1;
  return {
    ordinal,
    start: ordinal * 4,
    end: ordinal * 4 + 4,
    cutBefore: ordinal === 0,
    embedding,
    tokens: Float32Array.of(ordinal, -1, 0.5, 100, -100, 25),
    tokenWidth: 3,
  };
}

export function caption(mediaId: number, start: number, end: number, text: string): NewCaption {
  return { mediaId, start, end, text, source: 'model', confidence: 0.5, embedding: null, packRevision: 'r1' };
}

/** A file that has been indexed with `count` clips under revision `r1`. */
export function indexedMedia(store: SqliteStore, path = '/films/a.mp4', count = 3): MediaRow {
  const root = store.addRoot('/films');
  const { id } = store.addMedia(root.id, file(path), 'thorough');
  store.enqueue(id, 0);
  store.beginIndexing(id, FACTS, 'thorough', 'r1');
  store.appendClips(
    id,
    'r1',
    Array.from({ length: count }, (_, ordinal) => clip(ordinal)),
  );
  store.finishIndexing(id, 'r1');
  return store.media(id)!;
}
