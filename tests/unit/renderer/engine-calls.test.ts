import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { EngineFailure } from '../../../electron/engine/api/client.ts';
import { connectWebSocket } from '../../../renderer/src/engine/websocket.ts';

interface Request {
  id: number;
  channel: string;
}

/** A real server that answers as each test says. */
class Host {
  readonly seen: Request[] = [];
  readonly #server: WebSocketServer;
  readonly #answer: (request: Request, socket: ServerSocket) => void;

  constructor(port: number, answer: (request: Request, socket: ServerSocket) => void) {
    this.#answer = answer;
    this.#server = new WebSocketServer({ host: '127.0.0.1', port });
    this.#server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const request = JSON.parse(data.toString()) as Request;
        this.seen.push(request);
        this.#answer(request, socket);
      });
    });
  }

  async port(): Promise<number> {
    if (this.#server.address() === null) {
      await new Promise((resolve) => this.#server.once('listening', resolve));
    }
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

const reply = (request: Request, socket: ServerSocket, value: unknown): void => {
  socket.send(JSON.stringify({ id: request.id, reply: value }));
};

describe('The engine over a WebSocket', () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  async function host(answer: ConstructorParameters<typeof Host>[1], port = 0): Promise<Host> {
    const made = new Host(port, answer);
    open.push(made);
    await made.port();
    return made;
  }
  async function connect(to: Host): Promise<ReturnType<typeof connectWebSocket>['client']> {
    const connection = connectWebSocket(`ws://127.0.0.1:${await to.port()}/engine`);
    open.push(connection);
    return connection.client;
  }

  it('pairs replies with calls, whatever their order', async () => {
    const held: (() => void)[] = [];
    const server = await host((request, socket) => {
      held.push(() => {
        reply(request, socket, { queries: [request.channel] });
      });
      if (held.length === 2) for (const send of held.reverse()) send();
    });
    const client = await connect(server);
    const [one, two] = await Promise.all([
      client.call('search.suggestions', {}),
      client.call('models.list', {}),
    ]);
    expect(one).toEqual({ queries: ['search.suggestions'] });
    expect(two).toEqual({ queries: ['models.list'] });
  });

  it('rejects with what the engine says, its code and advice', async () => {
    const server = await host((request, socket) => {
      socket.send(
        JSON.stringify({
          id: request.id,
          error: { code: 'not-found', message: 'Gone.', hint: 'Look again.' },
        }),
      );
    });
    const failure: unknown = await (
      await connect(server)
    )
      .call('health.report', {})
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EngineFailure);
    expect(failure).toMatchObject({ code: 'not-found', message: 'Gone.', hint: 'Look again.' });
  });

  it('tells of events until told to stop', async () => {
    const server = await host((request, socket) => {
      socket.send(JSON.stringify({ event: 'captions.changed', payload: { mediaId: request.id } }));
      reply(request, socket, {});
    });
    const client = await connect(server);
    const heard: number[] = [];
    const stop = client.on('captions.changed', ({ mediaId }) => heard.push(mediaId));
    await client.call('library.rescan', {});
    stop();
    await client.call('library.rescan', {});
    expect(heard).toHaveLength(1);
  });

  it('says when it is away and back, and sends again what was in flight', async () => {
    const first = await host(() => undefined);
    const port = await first.port();
    const client = await connect(first);
    const states: string[] = [];
    client.onConnection((state) => states.push(state));
    const asked = client.call('library.overview', {});
    await expect.poll(() => first.seen.length).toBe(1);
    await first.close();
    await expect.poll(() => states.at(-1)).toBe('away');
    const meanwhile = client.call('settings.get', {});
    const second = await host((request, socket) => {
      reply(request, socket, request.channel);
    }, port);
    expect(await asked).toBe('library.overview');
    expect(await meanwhile).toBe('settings.get');
    expect(states.at(-1)).toBe('connected');
    expect(second.seen.map((request) => request.channel)).toEqual(['library.overview', 'settings.get']);
  });

  it('never sends an edit twice: it fails, so that the person can look', async () => {
    const first = await host(() => undefined);
    const client = await connect(first);
    const edit = client
      .call('captions.edit', { mediaId: 1, edit: { kind: 'undo' } })
      .catch((error: unknown) => error);
    await expect.poll(() => first.seen.length).toBe(1);
    await first.close();
    expect(await edit).toMatchObject({ message: expect.stringContaining('connection was lost') as string });
  });
});
