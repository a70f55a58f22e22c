import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestOf } from '../../../electron/engine/api/channels.ts';
import { openStore, type SqliteStore } from '../../../electron/engine/library/store.ts';
import { Listing } from '../../../electron/hosts/channels/listing.ts';
import { clip, FACTS } from '../library/fixtures.ts';

let folder: string;
let store: SqliteStore;
let listing: Listing;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tubelet-listing-'));
  store = openStore(join(folder, 'library'));
  listing = new Listing(store, () => 'r1');
  const root = store.addRoot('/films');
  add(root.id, '/films/clip 10.mp4', '2024-03-01T00:00:00.000Z');
  add(root.id, '/films/clip 9.mp4', '2024-01-01T00:00:00.000Z');
  add(root.id, '/films/Summer/Beach.jpg', '2024-02-01T00:00:00.000Z');
  add(root.id, '/films/Summer 2/Hills.mp4', '2024-04-01T00:00:00.000Z');
});

afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

function add(rootId: number, path: string, modifiedAt: string): number {
  const kind = path.endsWith('.jpg') ? 'image' : 'video';
  return store.addMedia(rootId, { path, bytes: 1, modifiedAt, fingerprint: path, kind }, 'thorough').id;
}

async function names(order: Partial<RequestOf<'library.media'>> = {}): Promise<string[]> {
  const request = { offset: 0, limit: 100, sort: 'name', descending: false, ...order } as const;
  return (await listing.page(request)).items.map(({ name }) => name);
}

describe('the list of the library', () => {
  it('sorts names as people do', async () => {
    expect(await names()).toEqual(['Beach.jpg', 'clip 9.mp4', 'clip 10.mp4', 'Hills.mp4']);
    expect((await names({ descending: true }))[0]).toBe('Hills.mp4');
  });

  it('sorts by date and by when files were added', async () => {
    expect(await names({ sort: 'date' })).toEqual(['clip 9.mp4', 'Beach.jpg', 'clip 10.mp4', 'Hills.mp4']);
    expect((await names({ sort: 'added' }))[0]).toBe('clip 10.mp4');
  });

  it('filters by kind, folder, words and state', async () => {
    expect(await names({ filter: { kind: 'image' } })).toEqual(['Beach.jpg']);
    expect(await names({ filter: { folder: 'Summer' } })).toEqual(['Beach.jpg']);
    expect(await names({ filter: { text: 'summer hill' } })).toEqual(['Hills.mp4']);
    expect(await names({ filter: { states: ['failed'] } })).toEqual([]);
    expect(await names({ filter: {} })).toHaveLength(4);
  });

  it('comes in stretches, and says how long it is', async () => {
    const request = { offset: 1, limit: 2, sort: 'name', descending: false } as const;
    const { total, items } = await listing.page(request);
    expect(total).toBe(4);
    expect(items.map(({ name }) => name)).toEqual(['clip 9.mp4', 'clip 10.mp4']);
    expect(await listing.page({ ...request, offset: 9 })).toEqual({ total: 4, items: [] });
  });

  it('knows of a change when it is told, one file or all', async () => {
    expect(await names()).toHaveLength(4);
    const media = store.mediaByPath('/films/clip 9.mp4')!;
    store.enqueue(media.id, 0);
    store.failIndexing(media.id, { code: 'damaged', message: 'The file is cut short.' });
    listing.touch([media.id]);
    expect(await names({ filter: { states: ['failed'] } })).toEqual(['clip 9.mp4']);
    expect(listing.withState('failed')[0]!.error).toEqual({
      code: 'damaged',
      message: 'The file is cut short.',
    });
    store.removeMedia(media.id);
    listing.touch([media.id]);
    expect(await names()).toHaveLength(3);
    add(media.rootId, '/films/new.mp4', '2024-05-01T00:00:00.000Z');
    listing.touch(null);
    expect(await names()).toHaveLength(4);
  });

  it('moves a file that changed within the order that is kept', async () => {
    const waiting: Partial<RequestOf<'library.media'>> = { filter: { states: ['waiting'] } };
    expect(await names(waiting)).toEqual(['Beach.jpg', 'clip 9.mp4', 'clip 10.mp4', 'Hills.mp4']);
    const media = store.mediaByPath('/films/clip 9.mp4')!;
    store.refreshMedia(media.id, media.rootId, { ...media, path: '/films/zoo.mp4' });
    listing.touch([media.id]);
    expect(await names(waiting)).toEqual(['Beach.jpg', 'clip 10.mp4', 'Hills.mp4', 'zoo.mp4']);
    store.enqueue(media.id, 0);
    store.failIndexing(media.id, { code: 'damaged', message: 'The file is cut short.' });
    listing.touch([media.id]);
    expect(await names(waiting)).toEqual(['Beach.jpg', 'clip 10.mp4', 'Hills.mp4']);
  });

  it('knows of what changed while it was being read', async () => {
    const [before, after] = [names(), names()];
    const media = store.mediaByPath('/films/clip 9.mp4')!;
    // The reading has begun by then, and has not ended.
    await Promise.resolve();
    store.removeMedia(media.id);
    listing.touch([media.id]);
    expect(await before).not.toContain('clip 9.mp4');
    expect(await after).not.toContain('clip 9.mp4');
  });

  it('counts the clips of the revision in use, as the store does for one file', async () => {
    const media = store.mediaByPath('/films/clip 9.mp4')!;
    store.enqueue(media.id, 0);
    for (const revision of ['r0', 'r1']) {
      store.beginIndexing(media.id, FACTS, 'thorough', revision);
      store.appendClips(media.id, revision, revision === 'r0' ? [clip(0), clip(1)] : [clip(0)]);
    }
    const { items } = await listing.page({ offset: 0, limit: 9, sort: 'name', descending: false });
    expect(items.map(({ name, clipCount }) => [name, clipCount])).toContainEqual(['clip 9.mp4', 1]);
    expect(store.media(media.id)!.clipCount).toBe(1);
  });

  it('says which files have a poster: those that were looked at', async () => {
    const posters = async () =>
      (await listing.page({ offset: 0, limit: 9, sort: 'name', descending: false })).items.map(
        ({ poster }) => poster,
      );
    expect(await posters()).toEqual([null, null, null, null]);
    const media = store.mediaByPath('/films/clip 9.mp4')!;
    store.enqueue(media.id, 0);
    store.beginIndexing(media.id, FACTS, 'thorough', 'r1');
    store.appendClips(media.id, 'r1', [clip(0)]);
    listing.touch([media.id]);
    expect(await posters()).toEqual([null, null, null, null]);
    store.finishIndexing(media.id, 'r1');
    listing.touch([media.id]);
    expect(await posters()).toEqual([null, '/films/clip 9.mp4', null, null]);
  });
});
