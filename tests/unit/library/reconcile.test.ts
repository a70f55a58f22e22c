import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { reconcile, type Reconciled } from '../../../electron/engine/library/reconcile.ts';
import type { SqliteStore } from '../../../electron/engine/library/store.ts';
import { clip, FACTS, temporaryFolder, temporaryStore } from './fixtures.ts';

let store: SqliteStore;
let folder: string;

beforeEach(() => {
  store = temporaryStore();
  folder = temporaryFolder();
  for (const name of ['a.mp4', 'b.mp4', 'sub/c.mp4']) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), `content of ${name}`);
  }
});

const look = (
  path = folder,
  change: { retry?: boolean; deepen?: boolean; packRevision?: string } = {},
): Promise<Reconciled> =>
  reconcile(store, path, {
    mode: 'thorough',
    retry: false,
    deepen: false,
    packRevision: 'r1',
    priority: 0,
    ...change,
  });

/** Indexes everything that is queued with one clip a file. */
function indexQueued(revision = 'r1'): void {
  for (const id of store.queued()) {
    store.beginIndexing(id, FACTS, store.media(id)!.mode, revision);
    store.appendClips(id, revision, [clip(0)]);
    store.finishIndexing(id, revision);
  }
}

const pathOf = (id: number | undefined): string => store.media(id!)!.path.slice(folder.length + 1);

describe('reconciling the library with the disk', () => {
  it('adds and queues new files under one root', async () => {
    const { added, present } = await look();
    expect(added.map(pathOf)).toEqual(['a.mp4', 'b.mp4', 'sub/c.mp4']);
    expect(present).toEqual(added);
    expect(store.queued()).toEqual(added);
    expect(store.roots().map((root) => root.path)).toEqual([folder]);
  });

  it('leaves alone what has not changed', async () => {
    await look();
    indexQueued();
    const again = await look();
    expect(again).toMatchObject({ added: [], changed: [], moved: [], missing: [] });
    expect(store.queued()).toEqual([]);
  });

  it('keeps the index of a file that was moved, renamed or touched', async () => {
    await look();
    indexQueued();
    const before = store.mediaByPath(join(folder, 'a.mp4'))!;
    renameSync(join(folder, 'a.mp4'), join(folder, 'sub', 'renamed.mp4'));
    utimesSync(join(folder, 'b.mp4'), 1000, 1000);
    const seen = await look();
    expect(seen).toMatchObject({ added: [], changed: [], moved: [before.id], missing: [] });
    expect(store.media(before.id)).toMatchObject({
      path: join(folder, 'sub', 'renamed.mp4'),
      state: 'indexed',
      clipCount: 1,
    });
    expect(store.queued()).toEqual([]);
  });

  it('finds a file again that was moved to another root', async () => {
    await look();
    indexQueued();
    const other = temporaryFolder();
    renameSync(join(folder, 'a.mp4'), join(other, 'a.mp4'));
    expect((await look()).missing).toHaveLength(1);
    const { moved } = await look(other);
    expect(store.media(moved[0]!)).toMatchObject({
      state: 'indexed',
      path: join(other, 'a.mp4'),
      clipCount: 1,
    });
    expect(store.roots()).toHaveLength(2);
  });

  it('drops the index of a changed file and queues it', async () => {
    await look();
    indexQueued();
    appendFileSync(join(folder, 'a.mp4'), ' and more');
    const { changed } = await look();
    expect(changed.map(pathOf)).toEqual(['a.mp4']);
    expect(store.media(changed[0]!)).toMatchObject({ state: 'waiting', clipCount: 0, facts: null });
    expect(store.queued()).toEqual(changed);
  });

  it('marks vanished files and takes them back unchanged', async () => {
    await look();
    indexQueued();
    renameSync(join(folder, 'sub'), join(folder, '.sub'));
    const { missing } = await look();
    expect(missing.map(pathOf)).toEqual(['sub/c.mp4']);
    expect(store.media(missing[0]!)?.state).toBe('missing');
    renameSync(join(folder, '.sub'), join(folder, 'sub'));
    await look();
    expect(store.media(missing[0]!)).toMatchObject({ state: 'indexed', clipCount: 1 });
    expect(store.queued()).toEqual([]);
  });

  it('gives a second copy a row of its own', async () => {
    writeFileSync(join(folder, 'copy.mp4'), 'content of a.mp4');
    const { added } = await look();
    expect(added).toHaveLength(4);
    expect(store.mediaByFingerprint(store.media(added[0]!)!.fingerprint)).toHaveLength(2);
  });

  it('keeps to the root that holds a path already', async () => {
    await look();
    await look(join(folder, 'sub'));
    await look(join(folder, 'b.mp4'));
    expect(store.roots()).toHaveLength(1);
    rmSync(join(folder, 'a.mp4'));
    expect((await look(join(folder, 'sub'))).missing).toEqual([]);
  });

  it('retries failed and stale files only when asked, and deepens fast ones', async () => {
    const { added } = await look();
    indexQueued('r0');
    store.failIndexing(added[0]!, { code: 'not-media', message: 'Not a video.' });
    await look();
    expect(store.queued()).toEqual([]);
    await look(folder, { retry: true });
    expect(store.queued()).toEqual(added);
    indexQueued();
    store.enqueue(added[1]!, 0, 'fast');
    indexQueued();
    await look(folder, { deepen: true });
    expect(store.queued()).toEqual([added[1]]);
    expect(store.media(added[1]!)?.mode).toBe('thorough');
  });

  it('never indexes the library’s own folder', async () => {
    const inside = join(folder, 'library');
    const own = temporaryStore(inside);
    mkdirSync(join(inside, 'thumbnails'));
    writeFileSync(join(inside, 'thumbnails', 'sheet.jpg'), 'x');
    const seen = await reconcile(own, folder, {
      mode: 'fast',
      retry: false,
      deepen: false,
      packRevision: 'r1',
      priority: 0,
    });
    expect(seen.added).toHaveLength(3);
  });
});
