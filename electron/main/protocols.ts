import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Protocol } from 'electron';
import type { Log } from '../hosts/contract/log.ts';
import { readPageFile } from '../hosts/page-files.ts';
import { answerMedia, type MediaServices } from '../hosts/media/answer.ts';
import { parseMediaRoute } from '../hosts/media/route.ts';
import { APP_ORIGIN, APP_SCHEME, MEDIA_SCHEME } from './address.ts';
import { PAGE_HEADERS } from './content-security.ts';

/** Must be called before the app is ready: both schemes are secure, and media may be streamed. */
export function registerSchemes(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
    { scheme: MEDIA_SCHEME, privileges: { standard: true, secure: true, stream: true } },
  ]);
}

/** Answers both schemes of a session. */
export function handleProtocols(
  protocol: Pick<Protocol, 'handle'>,
  options: { pageDirectory: string; media: MediaServices; log: Log },
): void {
  protocol.handle(APP_SCHEME, (request) =>
    sheetPath(request.url) === null
      ? answerPage(options.pageDirectory, request, options.log)
      : answerMediaUrl(options.media, request, options.log),
  );
  protocol.handle(MEDIA_SCHEME, (request) => answerMediaUrl(options.media, request, options.log));
}

/** A file of the built page, with the policy that holds for it; 404 for anything else. */
export async function answerPage(directory: string, request: Request, log: Log): Promise<Response> {
  const path = ownPath(request.url);
  const file = request.method === 'GET' && path !== null ? await readPageFile(directory, path) : undefined;
  if (file === undefined) {
    log({ level: 'refused', what: 'no such address', detail: `${request.method} ${request.url}` });
    return new Response('There is nothing here.', { status: 404, headers: PAGE_HEADERS });
  }
  return new Response(new Uint8Array(file.content), {
    headers: { ...PAGE_HEADERS, 'content-type': file.contentType },
  });
}

/** A file, preview or sheet by id, with ranges; the same answers as over HTTP. */
export async function answerMediaUrl(media: MediaServices, request: Request, log: Log): Promise<Response> {
  const method = request.method;
  const url = new URL(request.url);
  const route = parseMediaRoute(sheetPath(request.url) ?? `/${url.host}${url.pathname}`, url.searchParams);
  if (route === null || (method !== 'GET' && method !== 'HEAD')) {
    log({ level: 'refused', what: 'no such media address', detail: `${method} ${request.url}` });
    return new Response('There is nothing here.', { status: 404 });
  }
  const { status, headers, body } = await answerMedia(media, {
    method,
    route,
    range: request.headers.get('range') ?? undefined,
    signal: request.signal,
  });
  const content = body instanceof Readable ? (Readable.toWeb(body) as ReadableStream<Uint8Array>) : body;
  return new Response(content as ConstructorParameters<typeof Response>[0], { status, headers });
}

/** The path of a sheet of thumbnails under the page's own origin, where pages may fetch from; null for anything else. */
function sheetPath(url: string): string | null {
  const path = ownPath(url);
  return path !== null && parseMediaRoute(path, new URLSearchParams())?.kind === 'sheet' ? path : null;
}

/** The path of an address of the page as it stands, before any folding of dots; null for another host. */
function ownPath(url: string): string | null {
  if (!url.startsWith(`${APP_ORIGIN}/`)) return null;
  const path = url.slice(APP_ORIGIN.length).split(/[?#]/, 1)[0];
  return path ?? null;
}
