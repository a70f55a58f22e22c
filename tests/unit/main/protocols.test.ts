import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../electron/hosts/contract/log.ts';
import type { MediaPlace } from '../../../electron/hosts/media/access.ts';
import type { MediaServices } from '../../../electron/hosts/media/answer.ts';
import {
  answerMediaUrl,
  answerPage,
  handleProtocols,
  registerSchemes,
} from '../../../electron/main/protocols.ts';
import { rememberingLog } from '../../integration/hosts/small-engine.ts';

const FILM = 'frames and frames and frames';
let folder: string;
let entries: LogEntry[];
let log: (entry: LogEntry) => void;
let media: MediaServices;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tubelet-protocols-'));
  await mkdir(join(folder, 'page', 'assets'), { recursive: true });
  await mkdir(join(folder, 'films'));
  await writeFile(join(folder, 'page', 'index.html'), '<title>Tubelet</title>');
  await writeFile(join(folder, 'page', 'assets', 'app.js'), 'start()');
  await writeFile(join(folder, 'films', 'walk.mp4'), FILM);
  await writeFile(join(folder, 'secret.txt'), 'a secret');
  await symlink(join(folder, 'secret.txt'), join(folder, 'films', 'link.mp4'));
  ({ log, entries } = rememberingLog());
  const place = (id: number, name: string): MediaPlace => ({
    id,
    path: join(folder, 'films', name),
    root: join(folder, 'films'),
    facts: { kind: 'video' } as NonNullable<MediaPlace['facts']>,
    thumbnails: null,
  });
  media = {
    log,
    places: {
      place: (id) =>
        Promise.resolve([place(1, 'walk.mp4'), place(2, 'link.mp4')].find((one) => one.id === id)),
    },
    openPreview: (_file, from) => Promise.resolve(Readable.from([Buffer.from(`from ${from}`)])),
    makePoster: (at) => writeFile(join(at, 'poster.jpg'), 'a poster'),
  };
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const page = (url: string, method = 'GET') => answerPage(join(folder, 'page'), requestOf(url, method), log);
const film = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  answerMediaUrl(media, requestOf(url, method, headers), log);

/** Electron gives the address as the page wrote it; a Request of Node's would tidy it first. */
function requestOf(url: string, method: string, headers: Record<string, string> = {}): Request {
  const request: unknown = {
    url,
    method,
    headers: new Headers(headers),
    signal: new AbortController().signal,
  };
  return request as Request;
}

describe('app://', () => {
  it('serves the page with its policy', async () => {
    const answer = await page('app://tubelet/index.html#/search');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('<title>Tubelet</title>');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await page('app://tubelet/assets/app.js')).headers.get('content-type')).toContain('javascript');
  });

  it.each([
    'app://tubelet/../secret.txt',
    'app://tubelet/%2e%2e/secret.txt',
    'app://tubelet/assets/../../secret.txt',
    'app://tubelet//etc/passwd',
    'app://tubelet/..\\secret.txt',
    'app://evil/index.html',
    'app://tubelet.evil/index.html',
    'app://tubelet/none.js',
  ])('has nothing at %s, and writes it down', async (url) => {
    expect((await page(url)).status).toBe(404);
    expect(entries).toMatchObject([{ level: 'refused' }]);
  });
});

describe('media://', () => {
  it('plays by id, whole and in parts', async () => {
    expect(await (await film('media://file/1')).text()).toBe(FILM);
    const part = await film('media://file/1', { range: 'bytes=7-9' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 7-9/${FILM.length}`);
    expect(await part.text()).toBe('and');
    expect((await film('media://file/1', { range: 'bytes=999-' })).status).toBe(416);
    const head = await film('media://file/1', {}, 'HEAD');
    expect(head.headers.get('content-length')).toBe(String(FILM.length));
    expect(await head.text()).toBe('');
  });

  it('gives a page its sheets under its own origin and nothing else there, and posters as media', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tubelet-sheets-'));
    await writeFile(join(folder, 'sheet-00000.jpg'), 'a sheet');
    const [film] = await Promise.all([media.places.place(1)]);
    const places = { place: () => Promise.resolve({ ...film!, thumbnails: folder }) };
    const handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
    handleProtocols(
      { handle: (scheme, handler) => handlers.set(scheme, handler) },
      { pageDirectory: join(folder, 'page'), media: { ...media, places }, log },
    );
    const get = async (url: string): Promise<Response> => await handlers.get('app')!(requestOf(url, 'GET'));
    expect(await (await get('app://tubelet/sheets/1/0')).text()).toBe('a sheet');
    expect((await get('app://tubelet/sheets/1/1')).status).toBe(404);
    for (const other of ['media/1', 'file/1', 'preview/1', 'sheets/1/../0', 'sheets/x/0']) {
      expect((await get(`app://tubelet/${other}`)).status).toBe(404);
    }
    expect((await get('app://evil/sheets/1/0')).status).toBe(404);
    const poster = await handlers.get('media')!(requestOf('media://poster/1?of=3f2a', 'GET'));
    expect(await poster.text()).toBe('a poster');
    await rm(folder, { recursive: true });
  });

  it('previews from a second on', async () => {
    expect(await (await film('media://preview/1?from=2.5')).text()).toBe('from 2.5');
  });

  it.each([
    ['an unknown id', 'media://file/9', 404],
    ['a link out of a root', 'media://file/2', 403],
    ['a path in place of an id', 'media://file/..%2f..%2fsecret.txt', 404],
    ['another host', 'media://secret.txt/1', 404],
    ['a sheet where there are none', 'media://sheet/1/0', 404],
  ])('refuses %s, and writes it down', async (_case, url, status) => {
    const answer = await film(url);
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('secret');
    expect(entries.at(0)).toMatchObject({ level: 'refused' });
  });

  it('takes no other method', async () => {
    expect((await film('media://file/1', {}, 'POST')).status).toBe(404);
  });
});

describe('the schemes', () => {
  it('are secure, and neither goes round the policy', () => {
    registerSchemes({
      registerSchemesAsPrivileged(schemes) {
        expect(schemes.map(({ scheme }) => scheme)).toEqual(['app', 'media']);
        for (const { privileges } of schemes) {
          expect(privileges).toMatchObject({ standard: true, secure: true });
          expect(privileges?.bypassCSP).toBeUndefined();
        }
      },
    });
    expect.assertions(5);
  });
});
