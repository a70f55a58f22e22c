import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { matchExpression } from '../../../electron/engine/library/caption-table.ts';
import { SCHEMA_VERSION } from '../../../electron/engine/library/migrations.ts';
import { openStore } from '../../../electron/engine/library/store.ts';
import { caption, clip, FACTS, file, indexedMedia, temporaryFolder, temporaryStore } from './fixtures.ts';

describe('opening a library', () => {
  it('makes the folder and finds everything again the next time', () => {
    const directory = join(temporaryFolder(), 'deep', 'library');
    const first = openStore(directory);
    const media = indexedMedia(first);
    first.setSetting('mode', 'fast');
    first.close();
    const second = temporaryStore(directory);
    expect(second.media(media.id)).toEqual(media);
    expect(second.setting('mode')).toBe('fast');
  });

  it('refuses a second holder, names the library, and lets the next one in after the first has closed', () => {
    const directory = temporaryFolder();
    const first = openStore(directory);
    expect(() => openStore(directory)).toThrow(
      expect.objectContaining({ code: 'library-busy', path: directory }) as Error,
    );
    first.close();
    openStore(directory).close();
  });

  it('refuses a database from a newer version and leaves it untouched', () => {
    const directory = temporaryFolder();
    openStore(directory).close();
    const raw = new Database(join(directory, 'library.sqlite'));
    raw.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    raw.close();
    expect(() => openStore(directory)).toThrow(expect.objectContaining({ code: 'library-newer' }) as Error);
  });

  it('says so when the database is not one, and releases the library', () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'library.sqlite'), 'this is a letter, not a database '.repeat(200));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(() => openStore(directory)).toThrow(
        expect.objectContaining({ code: 'library-damaged' }) as Error,
      );
    }
  });

  it('says which folder it is where SQLite may not open or write its file, and releases the library', () => {
    const directory = temporaryFolder();
    mkdirSync(join(directory, 'library.sqlite'));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(() => openStore(directory)).toThrow(
        expect.objectContaining({ code: 'unreadable', path: directory }) as Error,
      );
    }
  });

  it('writes through a log, with foreign keys on', () => {
    const directory = temporaryFolder();
    const store = temporaryStore(directory);
    const media = indexedMedia(store);
    store.removeRoot(media.rootId);
    expect(store.allMedia()).toEqual([]);
    expect(store.clipCount('r1')).toBe(0);
    const raw = new Database(join(directory, 'library.sqlite'), { readonly: true });
    expect(raw.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(raw.prepare('SELECT COUNT(*) AS n FROM clip_tokens').get()).toEqual({ n: 0 });
    raw.close();
  });
});

describe('clips', () => {
  it('come back in time order with their embedding to the bit and their tokens to a step', () => {
    const store = temporaryStore();
    const media = indexedMedia(store);
    expect(media).toMatchObject({ state: 'indexed', clipCount: 3, packRevision: 'r1', facts: FACTS });
    const rows = store.mediaEmbeddings(media.id, 'r1');
    expect(rows.map((row) => row.clip.start)).toEqual([0, 4, 8]);
    expect(rows.map((row) => row.embedding)).toEqual([0, 1, 2].map((ordinal) => clip(ordinal).embedding));
    const tokens = store.tokens(rows[2]!.clip.id);
    const expected = [2, -1, 0.5, 100, -100, 25];
    for (const [index, value] of expected.entries())
      expect(Math.abs(tokens[index]! - value)).toBeLessThan(0.4);
  });

  it('of another revision are never mixed in', () => {
    const store = temporaryStore();
    const media = indexedMedia(store);
    expect(store.clips(media.id, 'r2')).toEqual([]);
    expect([...store.embeddings('r2')]).toEqual([]);
    expect(store.totals('r2')).toMatchObject({ stale: 1, clips: 0 });
  });

  it('are found by time, and the nearest one outside of all', () => {
    const store = temporaryStore();
    const media = indexedMedia(store);
    const ordinalAt = (seconds: number): number | undefined => store.clipAt(media.id, seconds, 'r1')?.ordinal;
    expect([-1, 0, 3.9, 4, 11.9, 12, 99].map(ordinalAt)).toEqual([0, 0, 0, 1, 2, 2, 2]);
  });

  it('stream by ascending id across pages while the store writes in between', () => {
    const store = temporaryStore();
    const media = indexedMedia(store, '/films/long.mp4', 5000);
    const ids: number[] = [];
    for (const { id, mediaId } of store.embeddings('r1', 10)) {
      expect(mediaId).toBe(media.id);
      if (ids.length === 1) store.setSetting('during', true);
      ids.push(id);
    }
    expect(ids).toHaveLength(4990);
    expect(ids[0]).toBe(11);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it('raise the generation with every change, and nothing else does', () => {
    const store = temporaryStore();
    const media = indexedMedia(store);
    const before = store.clipGeneration();
    store.insertCaption(caption(media.id, 0, 1, 'a dog'));
    expect(store.clipGeneration()).toBe(before);
    store.replaceContent(media.id, media.rootId, file(media.path, 'other'));
    expect(store.clipGeneration()).toBeGreaterThan(before);
  });
});

describe('indexing a file', () => {
  it('takes up again at the last clip that was kept', () => {
    const store = temporaryStore();
    const root = store.addRoot('/films');
    const { id } = store.addMedia(root.id, file('/films/a.mp4'), 'thorough');
    store.enqueue(id, 0);
    expect(store.beginIndexing(id, FACTS, 'thorough', 'r1')).toBeUndefined();
    store.appendClips(id, 'r1', [clip(0), clip(1), clip(2)]);
    expect(store.beginIndexing(id, FACTS, 'thorough', 'r1')).toMatchObject({ ordinal: 2, start: 8 });
    expect(store.clips(id, 'r1').map((row) => row.ordinal)).toEqual([0, 1]);
    expect(store.queued(1)).toEqual([id]);
  });

  it('begins anew in another mode or under another revision', () => {
    const store = temporaryStore();
    const root = store.addRoot('/films');
    const { id } = store.addMedia(root.id, file('/films/a.mp4'), 'thorough');
    store.beginIndexing(id, FACTS, 'thorough', 'r1');
    store.appendClips(id, 'r1', [clip(0), clip(1)]);
    expect(store.beginIndexing(id, FACTS, 'fast', 'r1')).toBeUndefined();
    expect(store.clips(id, 'r1')).toEqual([]);
  });

  it('keeps stale clips until the new ones are all there', () => {
    const store = temporaryStore();
    const media = indexedMedia(store);
    store.beginIndexing(media.id, FACTS, 'thorough', 'r2');
    store.appendClips(media.id, 'r2', [clip(0)]);
    expect(store.clips(media.id, 'r1')).toHaveLength(3);
    store.finishIndexing(media.id, 'r2');
    expect(store.clips(media.id, 'r1')).toHaveLength(0);
    expect(store.media(media.id)).toMatchObject({ clipCount: 1, packRevision: 'r2' });
  });

  it('gives a copy the clips and tokens of its original', () => {
    const store = temporaryStore();
    const media = indexedMedia(store);
    const copy = store.addMedia(media.rootId, file('/films/copy.mp4', media.fingerprint), 'thorough');
    store.adoptClips(copy.id, media, 'r1');
    const mine = store.clips(copy.id, 'r1');
    expect(mine).toHaveLength(3);
    expect(store.tokens(mine[1]!.id)).toEqual(store.tokens(store.clips(media.id, 'r1')[1]!.id));
    expect(store.media(copy.id)).toMatchObject({ state: 'indexed', clipCount: 3, facts: FACTS });
  });

  it('keeps the reason of a failure and takes the file off the queue', () => {
    const store = temporaryStore();
    const root = store.addRoot('/films');
    const { id } = store.addMedia(root.id, file('/films/a.mp4'), 'thorough');
    store.enqueue(id, 0);
    store.failIndexing(id, { code: 'damaged', message: 'The file ends early.', path: '/films/a.mp4' });
    expect(store.media(id)).toMatchObject({ state: 'failed', error: { code: 'damaged' } });
    expect(store.queued()).toEqual([]);
    store.enqueue(id, 5);
    expect(store.media(id)).toMatchObject({ state: 'waiting', error: null });
  });

  it('serves higher priorities first, then the order of arrival', () => {
    const store = temporaryStore();
    const root = store.addRoot('/films');
    const ids = ['a', 'b', 'c'].map((name) => store.addMedia(root.id, file(`/films/${name}`), 'fast').id);
    for (const id of ids) store.enqueue(id, 0);
    store.enqueue(ids[2]!, 9);
    expect(store.queued()).toEqual([ids[2], ids[0], ids[1]]);
  });
});

describe('captions', () => {
  it('of the model make way for a person’s own words', () => {
    const store = temporaryStore();
    const { id } = indexedMedia(store);
    store.insertCaption({ ...caption(id, 3, 6, 'Grandma waves'), source: 'user', confidence: 1 });
    store.replaceModelCaptions(id, [
      caption(id, 0, 3, 'a woman'),
      caption(id, 4, 8, 'a hand'),
      caption(id, 8, 12, 'a door'),
    ]);
    expect(store.captions(id).map((row) => row.text)).toEqual(['a woman', 'Grandma waves', 'a door']);
    store.replaceModelCaptions(id, []);
    expect(store.captions(id).map((row) => row.text)).toEqual(['Grandma waves']);
  });

  it('are found by words without their accents, best first, and follow every change', () => {
    const store = temporaryStore();
    const { id } = indexedMedia(store);
    const cafe = store.insertCaption(caption(id, 0, 2, 'Zwei Männer im Café'));
    store.insertCaption(caption(id, 2, 4, 'a café by the sea with many people and boats and birds'));
    const texts = (words: string): string[] => store.searchCaptions(words, 10).map((hit) => hit.caption.text);
    expect(texts('cafe')[0]).toBe('Zwei Männer im Café');
    expect(texts('cafe')).toHaveLength(2);
    expect(texts('manner café')).toHaveLength(1);
    store.updateCaption(cafe.id, { text: 'Zwei Hunde' });
    expect(texts('manner')).toEqual([]);
    expect(texts('hunde')).toEqual(['Zwei Hunde']);
    store.deleteCaption(cafe.id);
    expect(texts('hunde')).toEqual([]);
  });

  it('are searched for what was typed, never for a query language', () => {
    expect(matchExpression('dog AND (cat*) "on the beach')).toBe('"dog" "AND" "(cat*)" "on" "the" "beach"');
    expect(matchExpression('"on the beach" dog')).toBe('"on the beach" "dog"');
    expect(matchExpression(' * - " ')).toBe('');
    const store = temporaryStore();
    for (const words of ['"', 'NEAR(', 'text:x', '-', 'a"b', ''])
      expect(store.searchCaptions(words, 5)).toEqual([]);
  });

  it('keep their embedding, and a change to a lost one says what to do', () => {
    const store = temporaryStore();
    const { id } = indexedMedia(store);
    const embedding = Float32Array.of(0.6, 0.8);
    const row = store.insertCaption({ ...caption(id, 0, 1, 'a dog'), embedding });
    expect(store.captions(id)[0]?.embedding).toEqual(embedding);
    store.deleteCaption(row.id);
    expect(() => store.updateCaption(row.id, { text: 'x' })).toThrow(
      expect.objectContaining({ code: 'not-found' }) as Error,
    );
  });
});

describe('questions and totals', () => {
  it('lists the newest questions first', () => {
    const store = temporaryStore();
    const ask = (question: string, answer: string | null): void => {
      store.recordQuestion({
        scope: 'library',
        mediaId: null,
        at: null,
        question,
        answer,
        confidence: 0.5,
        moments: [],
      });
    };
    ask('How many dogs?', 'two');
    ask('What colour?', null);
    expect(store.questions(1)).toMatchObject([{ question: 'What colour?', answer: null }]);
  });

  it('counts files by what became of them', () => {
    const store = temporaryStore();
    const media = indexedMedia(store);
    store.addMedia(media.rootId, file('/films/b.mp4'), 'thorough');
    const gone = store.addMedia(media.rootId, file('/films/c.mp4'), 'thorough');
    store.markMissing(gone.id);
    const totals = store.totals('r1');
    expect(totals).toMatchObject({
      media: 3,
      indexed: 1,
      waiting: 1,
      missing: 1,
      failed: 0,
      stale: 0,
      clips: 3,
      seconds: 12,
    });
    expect(totals.databaseBytes).toBeGreaterThan(10_000);
    expect(totals.thumbnailBytes).toBe(0);
    expect([...store.countByRoot()]).toEqual([[media.rootId, 3]]);
    expect(store.mediaPlaces().map(({ path, state }) => [path, state])).toEqual(
      store.allMedia().map(({ path, state }) => [path, state]),
    );
  });

  it('counts clips anew whenever some came or went', () => {
    const store = temporaryStore();
    const media = indexedMedia(store);
    expect([store.clipCount('r1'), store.clipCount('r2')]).toEqual([3, 0]);
    store.removeMedia(media.id);
    expect([store.clipCount('r1'), store.counts('r1').media]).toEqual([0, 0]);
  });

  it('tells whether anything was written since', () => {
    const store = temporaryStore();
    const media = indexedMedia(store);
    const before = store.writes();
    store.media(media.id);
    store.totals('r1');
    expect(store.writes()).toBe(before);
    store.enqueue(media.id, 1);
    expect(store.writes()).toBeGreaterThan(before);
  });
});
