import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { TubeletError } from '../../engine/errors.ts';
import type { Dispatcher } from '../contract/dispatcher.ts';
import type { Log } from '../contract/log.ts';
import { answerMedia, type MediaServices } from '../media/answer.ts';
import { parseMediaRoute } from '../media/route.ts';
import { readPageFile } from '../page-files.ts';
import { Gate, securityHeaders } from './security.ts';
import { SocketDoor } from './sockets.ts';

/** What the loopback host is made of. */
export interface HttpHostOptions {
  readonly dispatcher: Dispatcher;
  readonly media: MediaServices;
  /** Folder of the built page. */
  readonly pageDirectory: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly log: Log;
}

/** A running loopback host. */
export interface HttpHost {
  readonly port: number;
  /** The address to open, with the token. */
  readonly url: string;
  /** Stops listening, closes sockets, ends media streams and their ffmpeg. */
  close(): Promise<void>;
}

/** The only address that it listens on: nothing outside this machine can reach it. */
const LOOPBACK = '127.0.0.1';
/** Requests have no body; what comes in is headers only. */
const HEADER_LIMIT = 16_384;

/**
 * Starts the app for a browser on this machine: the page, the media, and one WebSocket address for the contract.
 * There is no other route.
 *
 * @throws TubeletError `usage` where the port is taken.
 */
export async function startHttpHost(options: HttpHostOptions): Promise<HttpHost> {
  const server = createServer({ maxHeaderSize: HEADER_LIMIT });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const gate = new Gate(port);
  const door = new SocketDoor({ gate, dispatcher: options.dispatcher, log: options.log });
  const headers = securityHeaders(gate.origin);
  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer(options, gate, request, response).catch((error: unknown) => {
      options.log({ level: 'failed', what: 'request', detail: String(error) });
      if (response.headersSent) response.destroy();
      else plain(response, 500, 'Something went wrong; the log has the details.');
    });
  });
  server.on('upgrade', (request, socket, head) => {
    door.open(request, socket, head);
  });
  server.on('clientError', (error, socket) => {
    options.log({ level: 'refused', what: 'not HTTP', detail: error.message });
    socket.destroy();
  });
  return {
    port,
    url: gate.entryUrl,
    async close() {
      door.close();
      const closed = new Promise<void>((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? new TubeletError('usage', `Port ${port} cannot be used.`, {
              hint: 'Choose another with --port, or none.',
              cause: error,
            })
          : error,
      );
    });
    server.listen(port, LOOPBACK, resolve);
  });
}

async function answer(
  options: HttpHostOptions,
  gate: Gate,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method;
  const url = parseTarget(request.url);
  if (url === null) {
    options.log({ level: 'refused', what: 'odd address', detail: request.url ?? '' });
    plain(response, 400, 'This is not an address of Tubelet.');
    return;
  }
  const { path, query } = url;
  const entering = path === '/' && query.has('token') && gate.admitsToken(query.get('token'));
  const refusal = entering
    ? gate.strangerRefusal(request.headers)
    : gate.refusal(request.headers, { originRequired: false });
  if (refusal !== null) {
    options.log({ level: 'refused', what: refusal, detail: `${method ?? ''} ${path}` });
    plain(response, 403, 'Open the address that Tubelet printed when it started; it lets this browser in.');
    return;
  }
  if (method !== 'GET' && method !== 'HEAD') {
    options.log({ level: 'refused', what: 'wrong method', detail: `${method ?? ''} ${path}` });
    response.setHeader('allow', 'GET, HEAD');
    plain(response, 405, 'Only reading is possible here.');
    return;
  }
  if (entering) {
    // The token leaves the address bar and the history at once; from here on the cookie stands for it.
    response.writeHead(303, { location: '/', 'set-cookie': gate.cookie, 'cache-control': 'no-store' }).end();
    return;
  }
  const route = parseMediaRoute(path, query);
  if (route !== null) {
    await sendMedia(options.media, { method, route }, request, response, options.log);
    return;
  }
  await sendPage(options, method, path, response);
}

/** Path and query of a request's target; null unless it is a plain absolute path. Nothing is decoded or folded. */
function parseTarget(target: string | undefined): { path: string; query: URLSearchParams } | null {
  if (target?.startsWith('/') !== true || target.includes('\0')) return null;
  const question = target.indexOf('?');
  return question === -1
    ? { path: target, query: new URLSearchParams() }
    : { path: target.slice(0, question), query: new URLSearchParams(target.slice(question + 1)) };
}

async function sendMedia(
  media: MediaServices,
  asked: { method: 'GET' | 'HEAD'; route: NonNullable<ReturnType<typeof parseMediaRoute>> },
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => {
    left.abort();
  });
  const { status, headers, body } = await answerMedia(media, {
    ...asked,
    range: request.headers.range,
    signal: left.signal,
  });
  response.writeHead(status, headers);
  if (body === null || typeof body === 'string') {
    response.end(asked.method === 'HEAD' ? undefined : (body ?? undefined));
    return;
  }
  try {
    await pipeline(body, response);
  } catch (error) {
    // A player that seeks drops the stream it has: that is its way, not a failure.
    if (!left.signal.aborted) log({ level: 'failed', what: 'media stream', detail: String(error) });
    body.destroy();
  }
}

async function sendPage(
  options: HttpHostOptions,
  method: 'GET' | 'HEAD',
  path: string,
  response: ServerResponse,
): Promise<void> {
  const file = await readPageFile(options.pageDirectory, path);
  if (file === undefined) {
    options.log({ level: 'refused', what: 'no such address', detail: path });
    plain(response, 404, 'There is nothing here.');
    return;
  }
  response.writeHead(200, {
    'content-type': file.contentType,
    'content-length': file.content.length,
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(method === 'HEAD' ? undefined : file.content);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(text);
}
