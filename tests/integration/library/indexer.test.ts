import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Indexer } from '../../../electron/engine/library/indexer.ts';
import type { FileOutcome, MediaReader } from '../../../electron/engine/library/index-file.ts';
import { lockLibrary } from '../../../electron/engine/library/lock.ts';
import { openDatabase } from '../../../electron/engine/library/database.ts';
import type { MediaFacts } from '../../../electron/engine/media/types.ts';
import type { IndexProgress } from '../../../electron/engine/library/progress.ts';
import { reconcile } from '../../../electron/engine/library/reconcile.ts';
import { SqliteStore } from '../../../electron/engine/library/store.ts';
import { ColourEncoder } from '../../unit/library/encoder.ts';
import { temporaryFolder, temporaryStore } from '../../unit/library/fixtures.ts';
import { drawFilms, realReader } from './films.ts';

let drawn: string;
let reader: MediaReader;
let folder: string;
let store: SqliteStore;

beforeAll(async () => {
  drawn = mkdtempSync(join(tmpdir(), 'tubelet-films-'));
  drawFilms(drawn);
  reader = await realReader();
});

afterAll(() => {
  rmSync(drawn, { recursive: true, force: true });
});

beforeEach(() => {
  folder = temporaryFolder();
  cpSync(drawn, folder, { recursive: true });
  store = temporaryStore();
});

function indexerWith(encoder = new ColourEncoder(), into = store): Indexer {
  return new Indexer({ store: into, reader, pack: encoder.pack, encoder: () => Promise.resolve(encoder) });
}

async function queue(into = store, revision = 'r1'): Promise<void> {
  await reconcile(into, folder, {
    mode: 'thorough',
    retry: true,
    deepen: false,
    packRevision: revision,
    priority: 0,
  });
}

/** Everything that indexing wrote, without ids and times of day. */
function contentOf(of: SqliteStore, revision = 'r1'): unknown {
  return of.allMedia().map((media) => ({
    path: media.path,
    fingerprint: media.fingerprint,
    facts: media.facts,
    state: media.state,
    mode: media.mode,
    error: media.error,
    clips: of.mediaEmbeddings(media.id, revision).map(({ clip, embedding }) => ({
      ...{ ordinal: clip.ordinal, start: clip.start, end: clip.end, cutBefore: clip.cutBefore },
      embedding: [...embedding],
      tokens: [...of.tokens(clip.id)],
    })),
  }));
}

/** Files of one clip each; what is under way when one is begun is noted. */
function notingReader(begun: { name: string; beside: string[] }[]): MediaReader {
  const open = new Set<string>();
  const facts = { duration: 1, start: 0, width: 16, height: 16 } as MediaFacts;
  return {
    probe: (path) => Promise.resolve({ ...facts, kind: path.endsWith('jpg') ? 'image' : 'video' }),
    chooseMode: () => ({ mode: 'thorough', reason: null }),
    async *readClips({ path }) {
      const name = path.slice(folder.length + 1);
      begun.push({ name, beside: [...open] });
      open.add(name);
      await new Promise((resume) => setTimeout(resume, 5));
      open.delete(name);
      yield {
        ordinal: 0,
        start: 0,
        end: 1,
        cutBefore: true,
        frames: new Uint8Array(16 * 16 * 3),
        frameCount: 1,
      };
    },
  };
}

describe('the order of the queue', () => {
  it('lets images pass a video, so that many go together, but not for ever; a video has the machine alone', async () => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const name = (number: number): string =>
      `${String(number).padStart(3, '0')}.${number % 2 === 1 && number < 20 ? 'mp4' : 'jpg'}`;
    for (let number = 0; number < 120; number++) writeFileSync(join(folder, name(number)), `file ${number}`);
    await queue();
    const begun: { name: string; beside: string[] }[] = [];
    const encoder = new ColourEncoder();
    const noting = notingReader(begun);
    await new Indexer({
      store,
      reader: noting,
      pack: encoder.pack,
      encoder: () => Promise.resolve(encoder),
    }).run();
    expect(begun.map((one) => one.name).toSorted()).toEqual(Array.from({ length: 120 }, (_, i) => name(i)));
    const videos = begun.filter((one) => one.name.endsWith('mp4'));
    expect(videos.map((one) => one.beside)).toEqual(Array.from({ length: 10 }, () => []));
    for (const { name: image, beside } of begun.filter((one) => one.name.endsWith('jpg')))
      expect(
        beside.filter((other) => other.endsWith('mp4')),
        image,
      ).toEqual([]);
    expect(begun.slice(0, 10).map((one) => one.name)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18].map(name));
    expect(begun.findIndex((one) => one.name === name(1))).toBeLessThan(60);
  });
});

describe('indexing a folder', () => {
  it('turns every file into clips, tells each outcome, and empties the queue', async () => {
    await queue();
    const outcomes: FileOutcome[] = [];
    const progress: IndexProgress[] = [];
    await indexerWith().run({
      onFile: (outcome) => outcomes.push(outcome),
      onProgress: (p) => progress.push(p),
    });
    expect(
      outcomes.map(({ path, state, clips, seconds }) => [
        path.slice(folder.length + 1),
        state,
        clips,
        seconds,
      ]),
    ).toEqual([
      ['a-long.mp4', 'indexed', 20, 40],
      ['b-short.mp4', 'indexed', expect.any(Number), 5],
      ['c-photo.png', 'indexed', 1, 0],
    ]);
    expect(store.queued()).toEqual([]);
    expect(store.totals('r1')).toMatchObject({ indexed: 3, failed: 0, waiting: 0, seconds: 45 });
    expect(store.totals('r1').thumbnailBytes).toBeGreaterThan(1000);
    expect(progress.at(-1)).toMatchObject({ filesDone: 3, filesTotal: 3, fraction: 1 });
    const fractions = progress.map((event) => event.fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });

  it('never lets a bad file stop the others, and keeps what a cut-off film still had', async () => {
    writeFileSync(join(folder, '0-letter.mp4'), 'Dear reader, this is not a film.');
    const whole = readFileSync(join(folder, 'b-short.mp4'));
    writeFileSync(join(folder, '1-no-index.mp4'), whole.subarray(0, whole.length / 2));
    await queue();
    await indexerWith().run();
    const states = store
      .allMedia()
      .map((media) => [media.path.slice(folder.length + 1), media.state, media.error?.code]);
    expect(states).toEqual([
      ['0-letter.mp4', 'failed', expect.stringMatching(/^(not-media|damaged)$/)],
      ['1-no-index.mp4', 'failed', 'damaged'],
      ['a-long.mp4', 'indexed', undefined],
      ['b-short.mp4', 'indexed', undefined],
      ['c-photo.png', 'indexed', undefined],
    ]);
    for (const media of store.allMedia({ states: ['failed'] })) {
      expect(media.error).toMatchObject({ path: media.path, hint: expect.any(String) as string });
    }
  });

  it('never encodes the same content twice', async () => {
    mkdirSync(join(folder, 'copies'));
    cpSync(join(folder, 'b-short.mp4'), join(folder, 'copies', 'again.mp4'));
    cpSync(join(folder, 'c-photo.png'), join(folder, 'd-photo.png'));
    await queue();
    const encoder = new ColourEncoder();
    await indexerWith(encoder).run();
    const rows = store.allMedia();
    expect(rows.every((media) => media.state === 'indexed' && media.clipCount > 0)).toBe(true);
    const own = rows.filter((media) => !/again|d-photo/.test(media.path));
    expect(encoder.encoded).toBe(own.reduce((sum, media) => sum + media.clipCount, 0));
  });

  it('holds the decoder back: few clips wait for a slow encoder', async () => {
    await queue();
    const encoder = new ColourEncoder({ delay: 10 });
    await indexerWith(encoder).run();
    expect(encoder.mostWaiting).toBeGreaterThan(1);
    expect(encoder.mostWaiting).toBeLessThanOrEqual(4);
  });

  it('marks a file that went away before its turn', async () => {
    await queue();
    rmSync(join(folder, 'b-short.mp4'));
    await indexerWith().run();
    expect(store.mediaByPath(join(folder, 'b-short.mp4'))?.state).toBe('missing');
    expect(store.totals('r1').indexed).toBe(2);
  });
});

describe('an interrupted run', () => {
  async function undisturbed(): Promise<unknown> {
    const other = temporaryStore();
    await queue(other);
    await indexerWith(new ColourEncoder(), other).run();
    return contentOf(other);
  }

  it.each([1, 3, 9, 14])('that was cancelled after %i clips ends like an undisturbed one', async (clips) => {
    await queue();
    const abort = new AbortController();
    const encoder = new ColourEncoder({ delay: 2 });
    const run = indexerWith(encoder).run({ signal: abort.signal, onProgress: () => undefined });
    const stop = setInterval(() => {
      if (encoder.encoded >= clips) abort.abort();
    }, 1);
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    clearInterval(stop);
    const kept = store.clipCount('r1');
    const again = new ColourEncoder();
    await indexerWith(again).run();
    // All but the last clip that was kept came from the first run.
    expect(again.encoded).toBe(store.clipCount('r1') - Math.max(0, kept - 1));
    expect(contentOf(store)).toEqual(await undisturbed());
  });

  it('that was paused goes on when resumed, and ends like an undisturbed one', async () => {
    await queue();
    const encoder = new ColourEncoder({ delay: 2 });
    const indexer = indexerWith(encoder);
    const run = indexer.run();
    while (encoder.encoded < 5) await new Promise((resolve) => setTimeout(resolve, 1));
    indexer.pause();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { encoded } = encoder;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(encoder.encoded).toBe(encoded);
    expect(indexer.paused && indexer.running).toBe(true);
    indexer.resume();
    await run;
    expect(contentOf(store)).toEqual(await undisturbed());
  });

  it('can be cancelled while it is paused', async () => {
    await queue();
    const indexer = indexerWith(new ColourEncoder({ delay: 2 }));
    const abort = new AbortController();
    indexer.pause();
    const run = indexer.run({ signal: abort.signal });
    setTimeout(() => {
      abort.abort();
    }, 20);
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(store.clipCount('r1')).toBe(0);
  });

  it('looks again at everything under another revision when asked, and only then', async () => {
    await queue();
    await indexerWith().run();
    const newer = new ColourEncoder({ revision: 'r2' });
    expect(store.totals('r2')).toMatchObject({ stale: 3, clips: 0 });
    await queue(store, 'r2');
    await indexerWith(newer).run();
    expect(store.totals('r2')).toMatchObject({ stale: 0, indexed: 3 });
    expect(store.clipCount('r1')).toBe(0);
  });
});

describe('a full disk', () => {
  it('stops indexing with what to do, keeps every file in the queue, and goes on later', async () => {
    const directory = temporaryFolder();
    const database = openDatabase(directory);
    const cramped = new SqliteStore(directory, database, lockLibrary(directory));
    await queue(cramped);
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages}`);
    const run = indexerWith(new ColourEncoder({ tokens: 5000 }), cramped).run();
    await expect(run).rejects.toMatchObject({
      code: 'disk-full',
      path: directory,
      hint: expect.stringContaining('Free') as string,
    });
    expect(cramped.queued()).toHaveLength(3);
    database.pragma('max_page_count = 1000000');
    await indexerWith(new ColourEncoder(), cramped).run();
    expect(cramped.totals('r1')).toMatchObject({ indexed: 3, failed: 0 });
    cramped.close();
    expect(new Database(join(directory, 'library.sqlite')).pragma('integrity_check', { simple: true })).toBe(
      'ok',
    );
  });
});
