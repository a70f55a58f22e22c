import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { serverMessage, type ServerMessage } from '../../../electron/engine/api/wire.ts';
import { converse } from '../../../electron/hosts/contract/conversation.ts';
import type { Dispatcher } from '../../../electron/hosts/contract/dispatcher.ts';
import type { Log } from '../../../electron/hosts/contract/log.ts';
import { channelWirePort } from '../../../electron/hosts/contract/ports.ts';
import { startHttpHost, type HttpHost } from '../../../electron/hosts/http/server.ts';
import type { MediaServices } from '../../../electron/hosts/media/answer.ts';

/** The page's end of an open connection. */
export interface PageEnd {
  send(message: unknown): void;
  /** The next message that fits; messages that came before the question count too. */
  next(fits: (message: ServerMessage) => boolean): Promise<ServerMessage>;
  readonly received: readonly ServerMessage[];
  close(): Promise<void>;
}

/** One way of carrying the contract: opens connections to the same dispatcher. */
export interface Carrier {
  open(): Promise<PageEnd>;
  close(): Promise<void>;
}

/** Media services of a library with nothing in it. */
export function emptyMedia(log: Log): MediaServices {
  return {
    log,
    places: { place: () => Promise.resolve(undefined) },
    openPreview: () => Promise.reject(new Error('there is nothing to preview')),
    makePoster: () => Promise.reject(new Error('there is nothing to make a poster of')),
  };
}

/** A host with a page of one file, for tests. */
export async function testHost(
  dispatcher: Dispatcher,
  log: Log,
  media: MediaServices = emptyMedia(log),
): Promise<HttpHost & { pageDirectory: string }> {
  const pageDirectory = await mkdtemp(join(tmpdir(), 'tubelet-page-'));
  await writeFile(join(pageDirectory, 'index.html'), '<!doctype html><title>Tubelet</title>');
  const host = await startHttpHost({ dispatcher, log, media, pageDirectory, port: 0 });
  return {
    ...host,
    pageDirectory,
    async close() {
      await host.close();
      await rm(pageDirectory, { recursive: true });
    },
  };
}

/** Enters as a browser does: the address with the token once, then the cookie. */
export async function enter(host: HttpHost): Promise<string> {
  const answer = await fetch(host.url, { redirect: 'manual' });
  return answer.headers.getSetCookie()[0]!.split(';')[0]!;
}

/** The loopback host over a real WebSocket. */
export async function webSocketCarrier(dispatcher: Dispatcher, log: Log): Promise<Carrier> {
  const host = await testHost(dispatcher, log);
  const cookie = await enter(host);
  return {
    async open() {
      const origin = `http://127.0.0.1:${host.port}`;
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}/engine`, { origin, headers: { cookie } });
      await new Promise((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      const mailbox = new Mailbox();
      socket.on('message', (data) => {
        mailbox.put(JSON.parse((data as Buffer).toString('utf8')));
      });
      return {
        send: (message) => {
          socket.send(JSON.stringify(message));
        },
        next: (fits) => mailbox.next(fits),
        received: mailbox.received,
        close: () =>
          new Promise((resolve) => {
            socket.once('close', () => {
              resolve();
            });
            socket.close();
          }),
      };
    },
    close: () => host.close(),
  };
}

/** The code path of Electron's engine process, over ports of node:worker_threads. */
export function messagePortCarrier(dispatcher: Dispatcher, log: Log): Promise<Carrier> {
  return Promise.resolve({
    open() {
      const { port1, port2 } = new MessageChannel();
      const engineEnd = {
        on(event: 'message' | 'close', listener: (event: { data: unknown }) => void) {
          if (event === 'message')
            port1.on('message', (data: unknown) => {
              listener({ data });
            });
          else
            port1.on('close', () => {
              listener({ data: undefined });
            });
        },
        postMessage: (message: unknown) => {
          port1.postMessage(message);
        },
        start: () => {
          port1.start();
        },
      };
      converse(channelWirePort(engineEnd), dispatcher, log);
      const mailbox = new Mailbox();
      port2.on('message', (data: unknown) => {
        mailbox.put(data);
      });
      return Promise.resolve({
        send: (message: unknown) => {
          port2.postMessage(message);
        },
        next: (fits: (message: ServerMessage) => boolean) => mailbox.next(fits),
        received: mailbox.received,
        close: () =>
          new Promise<void>((resolve) => {
            port1.once('close', () => {
              resolve();
            });
            port2.close();
          }),
      });
    },
    close: () => Promise.resolve(),
  });
}

/** Messages in the order they came, each of the agreed shape. */
class Mailbox {
  readonly received: ServerMessage[] = [];
  readonly #waiting: {
    fits: (message: ServerMessage) => boolean;
    resolve: (message: ServerMessage) => void;
  }[] = [];

  put(data: unknown): void {
    const message = serverMessage.parse(data);
    this.received.push(message);
    for (const waiter of [...this.#waiting]) {
      if (!waiter.fits(message)) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      waiter.resolve(message);
    }
  }

  next(fits: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    const already = this.received.find(fits);
    if (already !== undefined) return Promise.resolve(already);
    return new Promise((resolve) => {
      this.#waiting.push({ fits, resolve });
    });
  }
}
