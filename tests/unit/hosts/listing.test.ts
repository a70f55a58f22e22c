import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestOf } from '../../../electron/engine/api/channels.ts';
import { openStore, type SqliteStore } from '../../../electron/engine/library/store.ts';
import { Listing } from '../../../electron/hosts/channels/listing.ts';

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

function names(order: Partial<RequestOf<'library.media'>> = {}): string[] {
  const request = { offset: 0, limit: 100, sort: 'name', descending: false, ...order } as const;
  return listing.page(request).items.map(({ name }) => name);
}

describe('the list of the library', () => {
  it('sorts names as people do', () => {
    expect(names()).toEqual(['Beach.jpg', 'clip 9.mp4', 'clip 10.mp4', 'Hills.mp4']);
    expect(names({ descending: true })[0]).toBe('Hills.mp4');
  });

  it('sorts by date and by when files were added', () => {
    expect(names({ sort: 'date' })).toEqual(['clip 9.mp4', 'Beach.jpg', 'clip 10.mp4', 'Hills.mp4']);
    expect(names({ sort: 'added' })[0]).toBe('clip 10.mp4');
  });

  it('filters by kind, folder, words and state', () => {
    expect(names({ filter: { kind: 'image' } })).toEqual(['Beach.jpg']);
    expect(names({ filter: { folder: 'Summer' } })).toEqual(['Beach.jpg']);
    expect(names({ filter: { text: 'summer hill' } })).toEqual(['Hills.mp4']);
    expect(names({ filter: { states: ['failed'] } })).toEqual([]);
    expect(names({ filter: {} })).toHaveLength(4);
  });

  it('comes in stretches, and says how long it is', () => {
    const request = { offset: 1, limit: 2, sort: 'name', descending: false } as const;
    const { total, items } = listing.page(request);
    expect(total).toBe(4);
    expect(items.map(({ name }) => name)).toEqual(['clip 9.mp4', 'clip 10.mp4']);
    expect(listing.page({ ...request, offset: 9 })).toEqual({ total: 4, items: [] });
  });

  it('knows of a change when it is told, one file or all', () => {
    expect(names()).toHaveLength(4);
    const media = store.mediaByPath('/films/clip 9.mp4')!;
    store.enqueue(media.id, 0);
    store.failIndexing(media.id, { code: 'damaged', message: 'The file is cut short.' });
    listing.touch([media.id]);
    expect(names({ filter: { states: ['failed'] } })).toEqual(['clip 9.mp4']);
    expect(listing.withState('failed')[0]!.error).toEqual({
      code: 'damaged',
      message: 'The file is cut short.',
    });
    store.removeMedia(media.id);
    listing.touch([media.id]);
    expect(names()).toHaveLength(3);
    add(media.rootId, '/films/new.mp4', '2024-05-01T00:00:00.000Z');
    listing.touch(null);
    expect(names()).toHaveLength(4);
  });
});
