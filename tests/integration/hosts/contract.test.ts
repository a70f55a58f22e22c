import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channels } from '../../../electron/engine/api/channels.ts';
import type { ServerMessage } from '../../../electron/engine/api/wire.ts';
import type { LogEntry } from '../../../electron/hosts/contract/log.ts';
import { messagePortCarrier, webSocketCarrier, type Carrier, type PageEnd } from './carriers.ts';
import { EMPTY_OVERVIEW, rememberingLog, smallEngine } from './small-engine.ts';

const replyTo = (id: number) => (message: ServerMessage) => 'id' in message && message.id === id;
const eventNamed = (name: string) => (message: ServerMessage) => 'event' in message && message.event === name;

describe.each([
  ['a WebSocket on 127.0.0.1', webSocketCarrier],
  ['a message channel, as in Electron', messagePortCarrier],
])('the contract over %s', (_name, makeCarrier) => {
  let carrier: Carrier;
  let engine: ReturnType<typeof smallEngine>;
  let entries: LogEntry[];
  let page: PageEnd;

  beforeEach(async () => {
    const memory = rememberingLog();
    entries = memory.entries;
    engine = smallEngine(memory.log);
    carrier = await makeCarrier(engine.dispatcher, memory.log);
    page = await carrier.open();
  });

  afterEach(async () => {
    await page.close();
    await carrier.close();
  });

  it('answers a request with a reply of the agreed shape', async () => {
    page.send({ id: 1, channel: 'library.overview', request: {} });
    const message = await page.next(replyTo(1));
    expect(message).toEqual({ id: 1, reply: EMPTY_OVERVIEW });
    expect(channels['library.overview'].reply.safeParse('reply' in message && message.reply).success).toBe(
      true,
    );
  });

  it('answers requests as they finish, each under its own id', async () => {
    page.send({ id: 1, channel: 'search.suggestions', request: {} });
    page.send({ id: 2, channel: 'library.overview', request: {} });
    await page.next(replyTo(1));
    expect(page.received.map((message) => 'id' in message && message.id)).toEqual([2, 1]);
  });

  it('carries an error with its code, message, path and hint', async () => {
    page.send({ id: 3, channel: 'library.item', request: { mediaId: 9 } });
    expect(await page.next(replyTo(3))).toEqual({
      id: 3,
      error: {
        code: 'not-found',
        message: 'There is no file number 9.',
        path: '/films/lost.mp4',
        hint: 'Look again.',
      },
    });
  });

  it('carries a defect as `internal`, and writes it down with where it happened', async () => {
    page.send({ id: 4, channel: 'work.pause', request: { kind: 'indexing' } });
    expect(await page.next(replyTo(4))).toEqual({
      id: 4,
      error: { code: 'internal', message: 'the engine has a defect' },
    });
    expect(entries).toMatchObject([{ level: 'failed', what: 'work.pause' }]);
    expect(entries[0]!.detail).toContain('small-engine.ts');
  });

  it('passes events to every page', async () => {
    const other = await carrier.open();
    page.send({ id: 5, channel: 'library.add', request: { paths: ['/films'] } });
    const expected = { event: 'library.changed', payload: { mediaIds: [1], clips: 0 } };
    expect(await page.next(eventNamed('library.changed'))).toEqual(expected);
    expect(await other.next(eventNamed('library.changed'))).toEqual(expected);
    expect(engine.added).toEqual(['/films']);
    await other.close();
  });

  it('lets a page come back and ask again', async () => {
    page.send({ id: 6, channel: 'search.suggestions', request: {} });
    await page.close();
    page = await carrier.open();
    page.send({ id: 6, channel: 'search.suggestions', request: {} });
    expect(await page.next(replyTo(6))).toEqual({ id: 6, reply: { queries: ['a dog on the beach'] } });
    expect(entries).toEqual([]);
  });

  it.each([
    [
      'an unknown request',
      { id: 7, channel: 'library.burn', request: {} },
      'There is no request named "library.burn".',
    ],
    [
      'a name that every object has',
      { id: 7, channel: 'constructor', request: {} },
      'There is no request named "constructor".',
    ],
    [
      'a path in place of an id',
      { id: 7, channel: 'library.item', request: { mediaId: '../../etc/passwd' } },
      /not as agreed: mediaId/,
    ],
    ['a negative id', { id: 7, channel: 'library.item', request: { mediaId: -1 } }, /not as agreed: mediaId/],
    ['a request without its parts', { id: 7, channel: 'library.add', request: {} }, /not as agreed: paths/],
    ['a request that is no object', { id: 7, channel: 'library.overview', request: 'all' }, /not as agreed/],
    [
      'a text over its limit',
      { id: 7, channel: 'library.add', request: { paths: ['/'.repeat(5000)] } },
      /not as agreed: paths/,
    ],
    ['a message without a channel', { id: 7 }, 'The message is not a request.'],
  ])('refuses %s, writes it down, and goes on', async (_case, message, words) => {
    page.send(message);
    const answer = await page.next(replyTo(7));
    const error = 'error' in answer ? answer.error : null;
    expect(error?.code).toBe('usage');
    expect(error?.message).toMatch(words);
    expect(entries).toMatchObject([{ level: 'refused' }]);
    page.send({ id: 8, channel: 'library.overview', request: {} });
    expect(await page.next(replyTo(8))).toHaveProperty('reply');
  });

  it.each([
    ['nothing'],
    [null],
    [42],
    [[]],
    [{}],
    [{ id: 'x' }],
    [{ id: -1, channel: 'library.overview' }],
    [{ id: 1e99 }],
  ])('takes the junk %j without an answer, writes it down, and goes on', async (junk) => {
    page.send(junk);
    page.send({ id: 9, channel: 'library.overview', request: {} });
    await page.next(replyTo(9));
    expect(page.received).toHaveLength(1);
    expect(entries).toMatchObject([{ level: 'refused', what: 'malformed message' }]);
  });
});
