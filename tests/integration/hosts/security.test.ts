import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { MESSAGE_LIMIT } from '../../../electron/engine/api/wire.ts';
import type { LogEntry } from '../../../electron/hosts/contract/log.ts';
import type { MediaPlace } from '../../../electron/hosts/media/access.ts';
import type { MediaServices } from '../../../electron/hosts/media/answer.ts';
import { enter, testHost } from './carriers.ts';
import { rememberingLog, smallEngine } from './small-engine.ts';

const FILM = 'frames and frames and frames';
let base: string;
let host: Awaited<ReturnType<typeof testHost>>;
let cookie: string;
let entries: LogEntry[];
let previewSignal: AbortSignal | null;
let postersMade: number;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'tubelet-security-')));
  await mkdir(join(base, 'films'));
  await mkdir(join(base, 'sheets'));
  await writeFile(join(base, 'films', 'walk.mp4'), FILM);
  await writeFile(join(base, 'films', 'page.html'), '<script>alert(1)</script>');
  await writeFile(join(base, 'sheets', 'sheet-00000.jpg'), 'a sheet');
  await writeFile(join(base, 'secret.txt'), 'a secret');
  await symlink(join(base, 'secret.txt'), join(base, 'films', 'link.mp4'));
  const { log, entries: written } = rememberingLog();
  entries = written;
  previewSignal = null;
  postersMade = 0;
  host = await testHost(smallEngine(log).dispatcher, log, mediaOf(base));
  cookie = await enter(host);
});

afterEach(async () => {
  await host.close();
  await rm(base, { recursive: true });
});

/** A library of four files, one of them a link out of its root. */
function mediaOf(folder: string): MediaServices {
  const root = join(folder, 'films');
  const place = (id: number, path: string): MediaPlace => ({
    id,
    path,
    root,
    facts: null,
    thumbnails: join(folder, 'sheets'),
  });
  const known = new Map([
    [1, place(1, join(root, 'walk.mp4'))],
    [2, place(2, join(root, 'link.mp4'))],
    [3, place(3, join(folder, 'secret.txt'))],
    [4, place(4, join(root, 'page.html'))],
  ]);
  known.set(5, {
    ...place(5, join(root, 'walk.mp4')),
    facts: { kind: 'video' } as NonNullable<MediaPlace['facts']>,
  });
  return {
    log: (entry) => entries.push(entry),
    places: { place: (id) => Promise.resolve(known.get(id)) },
    openPreview(_file, from, signal) {
      previewSignal = signal;
      return Promise.resolve(Readable.from(endless(from, signal), { objectMode: false }));
    },
    async makePoster(at) {
      await writeFile(join(at, 'poster.jpg'), 'a poster');
      postersMade += 1;
    },
  };
}

async function* endless(from: number, signal: AbortSignal): AsyncGenerator<string> {
  yield `from ${from};`;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends exactly this path and these headers: unlike fetch, nothing is tidied on the way. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port: host.port, path, method, headers: { cookie, ...headers } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(parts).toString('utf8'),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

function refusals(): string[] {
  return entries.filter((entry) => entry.level === 'refused').map((entry) => entry.what);
}

describe('the loopback host', () => {
  it('lets the browser in with the token once, then keeps it out of the address', async () => {
    const answer = await ask(host.url.slice(host.url.indexOf('/?')), { cookie: '' });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect((await ask('/')).body).toContain('<title>Tubelet</title>');
    expect(refusals()).toEqual([]);
  });

  it('sends its protective headers with every answer, refusals too', async () => {
    for (const answer of [
      await ask('/'),
      await ask('/nothing'),
      await ask('/', { cookie: '' }),
      await ask('/media/1'),
    ]) {
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
    }
  });

  it('listens on no address of the network', async () => {
    const outer = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter((address) => address.family === 'IPv4' && !address.internal);
    if (outer.length === 0) console.warn('not checked: this machine has no address but loopback');
    for (const { address } of outer) {
      await expect(reach(address, host.port)).resolves.toBe('ECONNREFUSED');
    }
    await expect(reach('127.0.0.1', host.port)).resolves.toBe('connected');
  });

  it.each([
    ['no token', '/', { cookie: '' }, 'wrong token'],
    ['a wrong token in the address', '/?token=guess', { cookie: '' }, 'wrong token'],
    ['a wrong cookie', '/', { cookie: 'tubelet=guess' }, 'wrong token'],
    ['media without a token', '/media/1', { cookie: '' }, 'wrong token'],
    ['a foreign Host', '/', { host: 'evil.example' }, 'wrong host'],
    ['a foreign Origin', '/media/1', { origin: 'https://evil.example' }, 'wrong origin'],
    ['a request that another site caused', '/media/1', { 'sec-fetch-site': 'cross-site' }, 'wrong origin'],
  ])('refuses %s with 403 and writes it down', async (_case, path, headers, what) => {
    expect((await ask(path, headers)).status).toBe(403);
    expect(refusals()).toEqual([what]);
  });

  it('refuses the right token under a foreign Host', async () => {
    const answer = await ask(host.url.slice(host.url.indexOf('/?')), {
      cookie: '',
      host: `evil.example:${host.port}`,
    });
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    expect((await ask('/media/1', {}, method)).status).toBe(405);
    expect(refusals()).toEqual(['wrong method']);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/....//secret.txt',
    '/..\\secret.txt',
    '/./index.html',
    '//etc/passwd',
    '/assets/../../../../../../etc/passwd',
    '/index.html/',
    '/.env',
    '/index.html%00.js',
    '/package.json/../../x',
    '/media/..%2f1',
    '/media/1/../2',
    '/sheets/1/..%2f..%2fsecret.txt',
    '/posters/..%2fsecret.txt',
    '/preview/1?from=0;reboot',
    '/library.sqlite',
    '/host',
  ])('has nothing at %s', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(answer.body).toBe('There is nothing here.');
    expect(refusals()).toEqual(['no such address']);
  });

  it('does not follow a link out of the folder of the page', async () => {
    await symlink(join(base, 'secret.txt'), join(host.pageDirectory, 'innocent.js'));
    expect((await ask('/innocent.js')).status).toBe(404);
  });

  it('takes bytes that are not HTTP without harm', async () => {
    const socket = connect(host.port, '127.0.0.1');
    socket.end('\u0016\u0003\u0001 hello\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(refusals()).toEqual(['not HTTP']);
    expect((await ask('/')).status).toBe(200);
  });

  it('refuses headers without end', async () => {
    expect((await ask('/', { 'x-long': 'x'.repeat(100_000) }).catch(() => ({ status: 431 }))).status).toBe(
      431,
    );
    expect((await ask('/')).status).toBe(200);
  });
});

describe('media', () => {
  it('plays whole and in parts', async () => {
    expect(await ask('/media/1')).toMatchObject({
      status: 200,
      body: FILM,
      headers: { 'content-type': 'video/mp4' },
    });
    expect(await ask('/media/1', { range: 'bytes=7-9' })).toMatchObject({
      status: 206,
      body: 'and',
      headers: { 'content-range': `bytes 7-9/${FILM.length}` },
    });
    expect(await ask('/media/1', { range: 'bytes=-6' })).toMatchObject({ status: 206, body: 'frames' });
    expect(await ask('/media/1', { range: 'bytes=999-' })).toMatchObject({ status: 416, body: '' });
    const head = await ask('/media/1', {}, 'HEAD');
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': String(FILM.length) } });
  });

  it('shows sheets of thumbnails', async () => {
    expect(await ask('/sheets/1/0')).toMatchObject({
      status: 200,
      body: 'a sheet',
      headers: { 'content-type': 'image/jpeg' },
    });
    expect((await ask('/sheets/1/9')).status).toBe(404);
  });

  it('shows posters, and makes one only where there is none', async () => {
    for (let time = 0; time < 2; time++) {
      expect(await ask('/posters/1?of=what-is-in-it')).toMatchObject({
        status: 200,
        body: 'a poster',
        headers: { 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=31536000, immutable' },
      });
    }
    expect(postersMade).toBe(1);
    expect((await ask('/posters/99')).status).toBe(404);
    expect((await ask('/posters/1', { cookie: '' })).status).toBe(403);
  });

  it('shows no poster that leads out of the folder of thumbnails', async () => {
    await symlink(join(base, 'secret.txt'), join(base, 'sheets', 'poster.jpg'));
    expect(await ask('/posters/1')).toMatchObject({ status: 403 });
    expect(entries).toMatchObject([{ what: 'leads out of the library' }]);
  });

  it('never becomes a page, whatever the file is called', async () => {
    expect((await ask('/media/4')).headers['content-type']).toBe('application/octet-stream');
  });

  it.each([
    ['an id outside the library', '/media/99', 404, 'unknown media'],
    ['a file outside the roots', '/media/3', 403, 'leads out of the library'],
    ['a link out of a root', '/media/2', 403, 'leads out of the library'],
  ])('refuses %s', async (_case, path, status, what) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('secret.txt');
    expect(refusals()).toEqual([what]);
  });

  it('ends a preview when the page leaves', async () => {
    const left = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${host.port}/preview/5?from=12.5`, {
      headers: { cookie },
      signal: left.signal,
    });
    const reader = answer.body!.getReader();
    const first = await reader.read();
    expect(Buffer.from(first.value as Uint8Array).toString('utf8')).toBe('from 12.5;');
    expect(previewSignal!.aborted).toBe(false);
    const ended = new Promise((resolve) => {
      previewSignal!.addEventListener('abort', resolve);
    });
    left.abort();
    await ended;
    expect(entries).toEqual([]);
  });
});

describe('the socket', () => {
  /** Opens a socket and returns how that ended: `open`, or the refusing status. */
  function knock(path: string, headers: Record<string, string>): Promise<string> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers });
      socket.once('open', () => {
        socket.terminate();
        resolve('open');
      });
      socket.once('unexpected-response', (_request, response) => {
        resolve(String(response.statusCode));
        socket.terminate();
      });
      socket.on('error', () => {
        resolve('error');
      });
    });
  }

  it('opens for the page', async () => {
    expect(await knock('/engine', { cookie, origin: `http://127.0.0.1:${host.port}` })).toBe('open');
  });

  it.each([
    ['no token', '/engine', () => ({ origin: own() }), '403', 'wrong token'],
    ['a wrong token', '/engine', () => ({ origin: own(), cookie: `${cookie}x` }), '403', 'wrong token'],
    ['no Origin', '/engine', () => ({ cookie }), '403', 'wrong origin'],
    [
      'a foreign Origin',
      '/engine',
      () => ({ cookie, origin: 'https://evil.example' }),
      '403',
      'wrong origin',
    ],
    [
      'the Origin of another port',
      '/engine',
      () => ({ cookie, origin: 'http://127.0.0.1:1' }),
      '403',
      'wrong origin',
    ],
    [
      'a foreign Host',
      '/engine',
      () => ({ cookie, origin: own(), host: 'evil.example' }),
      '403',
      'wrong host',
    ],
    ['another address', '/other', () => ({ cookie, origin: own() }), '404', 'no such socket'],
    ['a query on the address', '/engine?x', () => ({ cookie, origin: own() }), '404', 'no such socket'],
  ])('refuses %s and writes it down', async (_case, path, headers, status, what) => {
    expect(await knock(path, headers())).toBe(status);
    expect(refusals()).toEqual([what]);
  });

  it.each([
    ['text that is not JSON', 'hello {', 'malformed message'],
    ['half a message', '{"id":1,', 'malformed message'],
    ['binary', Buffer.from([0, 1, 2, 255]), 'malformed message'],
    ['deep nesting', '['.repeat(100_000), 'malformed message'],
    ['a polluting key', '{"__proto__":{"id":1}}', 'malformed message'],
  ])('refuses %s, writes it down, and goes on', async (_case, message, what) => {
    const socket = await openSocket();
    socket.send(message);
    socket.send(JSON.stringify({ id: 2, channel: 'library.overview', request: {} }));
    const answer = await new Promise<string>((resolve) =>
      socket.once('message', (data) => {
        resolve((data as Buffer).toString('utf8'));
      }),
    );
    expect(JSON.parse(answer)).toMatchObject({ id: 2, reply: {} });
    expect(refusals()).toEqual([what]);
    socket.terminate();
  });

  it('closes on a message over the limit, writes it down, and serves the next page', async () => {
    const socket = await openSocket();
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.send(Buffer.alloc(MESSAGE_LIMIT + 1, 'x'));
    expect([1006, 1009]).toContain(await closed);
    expect(refusals()).toEqual(['bad message']);
    (await openSocket()).terminate();
  });

  it('is not open to a flood of pages', async () => {
    const open = await Promise.all(Array.from({ length: 16 }, openSocket));
    expect(await knock('/engine', { cookie, origin: own() })).toBe('503');
    for (const socket of open) socket.terminate();
  });

  function own(): string {
    return `http://127.0.0.1:${host.port}`;
  }

  async function openSocket(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/engine`, {
      headers: { cookie, origin: own() },
    });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return socket;
  }
});

function reach(address: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 2000 });
    socket.once('connect', () => {
      socket.destroy();
      resolve('connected');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? 'error');
    });
  });
}
