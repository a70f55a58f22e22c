import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { MESSAGE_LIMIT } from '../../engine/api/wire.ts';
import { converse, type WirePort } from '../contract/conversation.ts';
import type { Dispatcher } from '../contract/dispatcher.ts';
import type { Log } from '../contract/log.ts';
import type { Gate } from './security.ts';

const SECOND = 1000;
/** A page that was put to sleep or whose machine slept is noticed after two of these. */
const HEARTBEAT = 30 * SECOND;
/** Pages at the same time: a few tabs, not a flood. */
const MOST_PAGES = 16;
/** The one address of the contract. */
const ENGINE_PATH = '/engine';

/** Where pages open their WebSocket: checks who they are, then lets them speak the contract. */
export class SocketDoor {
  readonly #gate: Gate;
  readonly #dispatcher: Dispatcher;
  readonly #log: Log;
  readonly #server: WebSocketServer;
  readonly #alive = new WeakSet<WebSocket>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: { gate: Gate; dispatcher: Dispatcher; log: Log }) {
    this.#gate = options.gate;
    this.#dispatcher = options.dispatcher;
    this.#log = options.log;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_LIMIT,
      perMessageDeflate: false,
    });
    this.#heartbeat = setInterval(() => {
      this.#dropSilent();
    }, HEARTBEAT);
    this.#heartbeat.unref();
  }

  /** Answers an upgrade: a conversation, or a refusal with 403, 404 or 503 (written to the log). */
  open(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', (error) => {
      this.#log({ level: 'info', what: 'a connection broke', detail: error.message });
    });
    const path = request.url ?? '';
    if (path !== ENGINE_PATH) {
      this.#refuse(socket, '404 Not Found', 'no such socket', path);
      return;
    }
    const refusal = this.#gate.refusal(request.headers, { originRequired: true });
    if (refusal !== null) {
      this.#refuse(socket, '403 Forbidden', refusal, `socket, origin ${request.headers.origin ?? 'none'}`);
      return;
    }
    if (this.#server.clients.size >= MOST_PAGES) {
      this.#refuse(socket, '503 Service Unavailable', 'too many pages', path);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => {
      this.#alive.add(client);
      client.on('pong', () => this.#alive.add(client));
      client.on('error', (error) => {
        // A message over the limit or bytes that are not WebSocket: the library closes the connection itself.
        this.#log({ level: 'refused', what: 'bad message', detail: error.message });
      });
      converse(socketPort(client, this.#log), this.#dispatcher, this.#log);
    });
  }

  /** Ends every connection. Pages are told that the host is going away and may come back. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const client of this.#server.clients) client.close(1001, 'Tubelet is closing');
    this.#server.close();
  }

  #dropSilent(): void {
    for (const client of this.#server.clients) {
      if (!this.#alive.delete(client)) client.terminate();
      else client.ping();
    }
  }

  #refuse(socket: Duplex, status: string, what: string, detail: string): void {
    this.#log({ level: 'refused', what, detail });
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
}

/** A WebSocket as a port: one JSON text a message. What is not JSON reaches the conversation as text, to be refused. */
function socketPort(client: WebSocket, log: Log): WirePort {
  return {
    send(message) {
      if (client.readyState !== client.OPEN) return;
      // A page that leaves before its answer asks again when it is back.
      client.send(JSON.stringify(message), (error) => {
        if (error instanceof Error) log({ level: 'info', what: 'a page left early', detail: error.message });
      });
    },
    onMessage(listener) {
      client.on('message', (bytes: RawData, isBinary) => {
        listener(isBinary ? '(binary)' : parseJson((bytes as Buffer).toString('utf8')));
      });
    },
    onClose(listener) {
      client.on('close', listener);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
