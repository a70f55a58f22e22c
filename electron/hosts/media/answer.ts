import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { missingCase, reportOf, TubeletError, type ErrorReport } from '../../engine/errors.ts';
import type { Log } from '../contract/log.ts';
import {
  openableMedia,
  openablePoster,
  openableSheet,
  type MediaPlaces,
  type OpenableFile,
} from './access.ts';
import { mediaContentType } from './content-type.ts';
import { answerRange } from './range.ts';
import type { MediaRoute } from './route.ts';

/** What serving media rests on; the same for HTTP and for Electron's `media:` protocol. */
export interface MediaServices {
  readonly places: MediaPlaces;
  readonly log: Log;
  /** Fragmented MP4 of the file from a second on; ends, with its ffmpeg, when the signal fires. */
  readonly openPreview: (file: OpenableFile, from: number, signal: AbortSignal) => Promise<Readable>;
  /** Makes the poster of a video in its thumbnail folder, unless the signal fires before its turn. */
  readonly makePoster: (folder: string, signal: AbortSignal) => Promise<void>;
}

/** A request for media, whatever carried it. */
export interface MediaRequest {
  readonly method: 'GET' | 'HEAD';
  readonly route: MediaRoute;
  readonly range: string | undefined;
  /** Fires when the page has left or sought elsewhere. */
  readonly signal: AbortSignal;
}

/** A status, headers, and a stream or a few words. */
export interface MediaAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | string | null;
}

/** Answers a request for media. Never throws: refusals and failures are answers too, and are written to the log. */
export async function answerMedia(services: MediaServices, request: MediaRequest): Promise<MediaAnswer> {
  try {
    const { route } = request;
    switch (route.kind) {
      case 'file':
        return answerFile(await openableMedia(services.places, route.id, services.log), request, 'no-cache');
      case 'sheet': {
        // A sheet grows while its file is being looked at, so it is asked for again each time.
        return answerFile(
          await openableSheet(services.places, route.id, route.sheet, services.log),
          request,
          'no-cache',
        );
      }
      case 'poster': {
        const make = (folder: string): Promise<void> => services.makePoster(folder, request.signal);
        // Addresses of posters name their content too, so that another picture has another address.
        return answerFile(
          await openablePoster(services.places, route.id, make, services.log),
          request,
          'private, max-age=31536000, immutable',
        );
      }
      case 'preview':
        return await answerPreview(services, request, route.id, route.from);
      default:
        return missingCase(route);
    }
  } catch (error) {
    return answerError(reportOf(error), services.log);
  }
}

function answerFile(file: OpenableFile, request: MediaRequest, cacheControl: string): MediaAnswer {
  const { status, headers, span } = answerRange(request.method, request.range, file.bytes);
  return {
    status,
    headers: { ...headers, 'content-type': mediaContentType(file.path), 'cache-control': cacheControl },
    body: span === null ? null : readUntilLeft(file.path, span, request.signal),
  };
}

/**
 * The bytes of a file, let go when the asker leaves. Ended without an error: one that comes before anybody listens would
 * end the whole process, and a player that seeks leaves all the time.
 */
function readUntilLeft(path: string, span: { first: number; last: number }, left: AbortSignal): Readable {
  const bytes = createReadStream(path, { start: span.first, end: span.last });
  const letGo = (): void => {
    bytes.destroy();
  };
  if (left.aborted) letGo();
  else left.addEventListener('abort', letGo, { once: true });
  return bytes;
}

async function answerPreview(
  services: MediaServices,
  request: MediaRequest,
  id: number,
  from: number,
): Promise<MediaAnswer> {
  const file = await openableMedia(services.places, id, services.log);
  if (file.place.facts?.kind !== 'video') {
    throw new TubeletError('not-media', 'Only a video that has been looked at has a preview.', {
      path: file.path,
    });
  }
  return {
    status: 200,
    headers: { 'content-type': 'video/mp4', 'cache-control': 'no-store', 'accept-ranges': 'none' },
    body: request.method === 'HEAD' ? null : await services.openPreview(file, from, request.signal),
  };
}

function answerError(report: ErrorReport, log: Log): MediaAnswer {
  const status = STATUS[report.code] ?? 500;
  if (status === 500) log({ level: 'failed', what: 'media', detail: `${report.code} ${report.message}` });
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: report.message,
  };
}

/** Statuses of the refusals; whatever else goes wrong is 500. */
const STATUS: Readonly<Partial<Record<ErrorReport['code'], number>>> = {
  'not-found': 404,
  'outside-library': 403,
  'not-media': 415,
  // Nobody is there any more to read this.
  cancelled: 503,
  unreadable: 403,
};
