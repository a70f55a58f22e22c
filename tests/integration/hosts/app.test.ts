import { copyFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  channels,
  type Channel,
  type ReplyOf,
  type RequestOf,
} from '../../../electron/engine/api/channels.ts';
import type { EngineEvent } from '../../../electron/hosts/contract/dispatcher.ts';
import { openApp, type OpenApp } from '../../../electron/hosts/dispatch.ts';
import { answerMedia } from '../../../electron/hosts/media/answer.ts';
import { testCard } from '../../fixtures/videos.ts';
import { rememberingLog } from './small-engine.ts';

const PACK = new URL('../../../native-models/packs/mammut-ti/manifest.json', import.meta.url);
const missing = !existsSync(PACK);
if (missing) console.warn('skipped: the app over the real engine, because the built-in pack is not there');

describe.skipIf(missing)('the app over the real engine', () => {
  const memory = rememberingLog();
  const heard: EngineEvent[] = [];
  let base: string;
  let app: OpenApp;
  let film: number;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'tubelet-app-'));
    await mkdir(join(base, 'films', 'summer'), { recursive: true });
    await copyFile(await testCard(6), join(base, 'films', 'summer', 'card.mp4'));
    app = await openApp({ library: join(base, 'library') }, memory.log);
    app.dispatcher.subscribe((event) => heard.push(event));
    await call('library.add', { paths: [join(base, 'films')] });
    await until(async () => (await call('library.overview', {})).totals.indexed === 1);
    film = (await call('library.media', LISTED)).items[0]!.id;
  });

  afterAll(async () => {
    await app.close();
    await rm(base, { recursive: true, force: true });
  });

  const LISTED: RequestOf<'library.media'> = { offset: 0, limit: 10, sort: 'name', descending: false };

  /** Asks, and holds the reply against the contract. */
  async function call<C extends Channel>(channel: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    const reply = await app.dispatcher.dispatch(channel, request);
    return channels[channel].reply.parse(reply) as ReplyOf<C>;
  }

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  it('looks at what was added, and says so as it goes', () => {
    const works = heard.flatMap((event) => (event.event === 'work.progress' ? [event.payload] : []));
    expect(works.map(({ state }) => state)).toContain('running');
    expect(heard.some(({ event }) => event === 'library.changed')).toBe(true);
  });

  it('lists files with their folder, and finds them by name', async () => {
    const { total, items } = await call('library.media', LISTED);
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({
      name: 'card.mp4',
      folder: 'summer',
      kind: 'video',
      state: 'indexed',
      stale: false,
    });
    const filtered = (text: string) => call('library.media', { ...LISTED, filter: { text } });
    expect((await filtered('CARD summer')).total).toBe(1);
    expect((await filtered('winter')).total).toBe(0);
  });

  it('tells the player what it needs', async () => {
    const item = await call('library.item', { mediaId: film });
    expect(item.playback).toEqual({ how: 'direct', reason: null });
    expect(item.thumbnails).toMatchObject({ secondsPerCell: 1 });
    expect(item.clipCount).toBeGreaterThan(0);
  });

  it('serves the file, its thumbnails and a preview by id', async () => {
    const ask = (kind: 'file' | 'sheet' | 'preview', signal = new AbortController().signal) =>
      answerMedia(app.media, {
        method: 'GET',
        range: kind === 'file' ? 'bytes=0-99' : undefined,
        route:
          kind === 'file'
            ? { kind, id: film }
            : kind === 'sheet'
              ? { kind, id: film, sheet: 0 }
              : { kind, id: film, from: 2 },
        signal,
      });
    expect((await ask('file')).headers['content-length']).toBe('100');
    expect((await ask('sheet')).headers['content-type']).toBe('image/jpeg');
    const left = new AbortController();
    const preview = await ask('preview', left.signal);
    expect(preview.headers['content-type']).toBe('video/mp4');
    const stream = preview.body as NodeJS.ReadableStream;
    const first = await new Promise<Buffer>((resolve) => stream.once('data', resolve));
    expect(first.subarray(4, 8).toString('latin1')).toBe('ftyp');
    left.abort();
  });

  it('serves its poster by the name in the list, and makes it anew where it is missing', async () => {
    const { items } = await call('library.media', LISTED);
    expect(items[0]!.poster).not.toBeNull();
    const bytes = async (): Promise<Buffer> => {
      const route = { kind: 'poster', id: film } as const;
      const signal = new AbortController().signal;
      const answer = await answerMedia(app.media, { method: 'GET', range: undefined, route, signal });
      expect(answer.headers['content-type']).toBe('image/jpeg');
      return await buffer(answer.body as Readable);
    };
    expect((await bytes()).subarray(0, 2).toString('hex')).toBe('ffd8');
    await rm(join(base, 'library', 'thumbnails', items[0]!.poster!, 'poster.jpg'));
    const together = await Promise.all([bytes(), bytes()]);
    for (const poster of together) expect(poster.subarray(-2).toString('hex')).toBe('ffd9');
  });

  it('lets a file go without an error when whoever asked has left already', async () => {
    const { body } = await answerMedia(app.media, {
      method: 'GET',
      range: undefined,
      route: { kind: 'file', id: film },
      signal: AbortSignal.abort(),
    });
    const bytes = body as NodeJS.ReadableStream & { destroyed: boolean };
    const errors: unknown[] = [];
    bytes.on('error', (error) => errors.push(error));
    await new Promise((resolve) => setImmediate(resolve));
    expect(bytes.destroyed).toBe(true);
    expect(errors).toEqual([]);
  });

  it('searches, and shows the strength of every clip', async () => {
    const reply = await call('search.moments', { query: 'a colourful test card', limit: 5 });
    expect(reply.clips).toBeGreaterThan(0);
    const lane = await call('search.lane', { mediaId: film, query: 'a colourful test card' });
    expect(lane.clips.length).toBe((await call('library.item', { mediaId: film })).clipCount);
    const filtered = await call('search.moments', { query: 'card type:video', limit: 5 });
    expect(filtered.chips.map(({ kind }) => kind)).toEqual(['type']);
  });

  it('edits captions, undoes it, and exports what is there', async () => {
    const edit = { kind: 'insert', start: 1, end: 3, text: 'Bars of colour' } as const;
    const edited = await call('captions.edit', { mediaId: film, edit });
    expect(edited.cues).toMatchObject([{ text: 'Bars of colour', source: 'user' }]);
    expect((await call('captions.export', { mediaId: film, format: 'srt' })).content).toContain(
      '00:00:01,000 --> 00:00:03,000',
    );
    const undone = await call('captions.edit', { mediaId: film, edit: { kind: 'undo' } });
    expect(undone).toMatchObject({ cues: [], canUndo: false, canRedo: true });
    await expect(call('captions.export', { mediaId: film, format: 'srt' })).rejects.toMatchObject({
      code: 'usage',
    });
    expect(heard.filter(({ event }) => event === 'captions.changed').length).toBeGreaterThanOrEqual(2);
  });

  it('takes a subtitle file', async () => {
    const content = 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n';
    const track = await call('captions.import', { mediaId: film, fileName: 'card.vtt', content });
    expect(track.cues).toMatchObject([{ text: 'Hello', source: 'file', start: 1, end: 2 }]);
  });

  it('writes captions in the background', async () => {
    await call('captions.describe', { mediaId: film });
    await until(async () => (await call('library.overview', {})).work[1]!.state !== 'running');
    expect((await call('library.overview', {})).work[1]).toMatchObject({
      kind: 'captioning',
      state: 'idle',
      error: null,
    });
  });

  it('exports a stretch as a file of its own, never over another', async () => {
    const first = await call('export.range', { mediaId: film, start: 1, end: 3 });
    const second = await call('export.range', { mediaId: film, start: 1, end: 3 });
    expect(second.path).not.toBe(first.path);
    expect((await stat(first.path)).size).toBe(first.bytes);
    expect(first.path.startsWith(join(base, 'library', 'exports'))).toBe(true);
  });

  it('exports moments as a list', async () => {
    const moments = [{ mediaId: film, start: 1, end: 2, label: 'the bars' }];
    for (const format of ['csv', 'fcpxml', 'edl'] as const) {
      expect((await call('export.moments', { format, moments })).content.toLowerCase()).toContain('the bars');
    }
  });

  it('searches by a picture from outside', async () => {
    const sheet = await answerMedia(app.media, {
      method: 'GET',
      range: undefined,
      route: { kind: 'sheet', id: film, sheet: 0 },
      signal: new AbortController().signal,
    });
    const bytes = await readFile((sheet.body as unknown as { path: string }).path);
    const reply = await call('search.image', { name: 'a.jpg', base64: bytes.toString('base64'), limit: 3 });
    expect(reply.moments[0]!.mediaId).toBe(film);
    await expect(
      call('search.image', { name: 'a.jpg', base64: 'bm90IGEgcGljdHVyZQ==', limit: 3 }),
    ).rejects.toMatchObject({ name: 'TubeletError' });
  });

  it('answers and locates as far as the pack can, and says where it cannot', async () => {
    const { packs } = await call('models.list', {});
    const able = packs.find(({ inUse }) => inUse)!.capabilities;
    const incapable = { code: 'pack-incapable' };
    const asked = call('answers.ask', {
      question: 'what is this?',
      scope: { kind: 'moment', mediaId: film, at: 1 },
    });
    if (able.includes('answer')) expect((await asked).question).toBe('what is this?');
    else await expect(asked).rejects.toMatchObject(incapable);
    const located = call('places.locate', { phrase: 'bars', mediaId: film, at: 1 });
    if (able.includes('locate')) expect((await located).heat.length).toBeGreaterThan(0);
    else await expect(located).rejects.toMatchObject(incapable);
  });

  it('reports on its health', async () => {
    const { checks } = await call('health.report', {});
    expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(['ffmpeg', 'ffprobe', 'library']));
    expect(checks.filter(({ state }) => state === 'failed')).toEqual([]);
  });

  it('lists folders for choosing, without hidden ones', async () => {
    await mkdir(join(base, 'films', '.hidden'));
    const listed = await call('folders.list', { path: join(base, 'films') });
    expect(listed.folders.map(({ name }) => name)).toEqual(['summer']);
    expect((await call('folders.list', { path: join(base, 'films', 'summer') })).files).toBe(1);
    await expect(call('folders.list', { path: join(base, 'gone') })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(call('folders.list', { path: 'films' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('refuses a folder that is not there', async () => {
    await expect(call('library.add', { paths: [join(base, 'gone')] })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('keeps settings, and refuses ones that it does not know', async () => {
    expect((await call('settings.set', { theme: 'dark' })).theme).toBe('dark');
    expect((await call('settings.get', {})).theme).toBe('dark');
    await expect(app.dispatcher.dispatch('settings.set', { theme: 'loud' })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it('cancels, and goes on when asked to', async () => {
    await copyFile(await testCard(20), join(base, 'films', 'long.mp4'));
    await call('library.rescan', {});
    const cancelled = await call('work.cancel', { kind: 'indexing' });
    expect(cancelled.totals.waiting).toBe(1);
    expect(cancelled.work[0]!.state).toBe('idle');
    await call('work.resume', { kind: 'indexing' });
    await until(async () => (await call('library.overview', {})).totals.indexed === 2);
  });

  it('forgets a folder, and touches none of its files', async () => {
    const [root] = (await call('library.overview', {})).roots;
    const overview = await call('library.remove', { rootId: root!.id });
    expect(overview.totals.media).toBe(0);
    expect((await call('library.media', LISTED)).total).toBe(0);
    expect(existsSync(join(base, 'films', 'summer', 'card.mp4'))).toBe(true);
    expect(await app.places.place(film)).toBeUndefined();
  });
});
