import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { ReplyOf, RequestOf } from '../../engine/api/channels.ts';
import { writeCsv } from '../../engine/captions/csv.ts';
import type { Cue } from '../../engine/captions/cue.ts';
import { editContext } from '../../engine/captions/edit-list.ts';
import { writeEdl } from '../../engine/captions/edl.ts';
import { writeFcpxml } from '../../engine/captions/fcpxml.ts';
import { missingCase, TubeletError } from '../../engine/errors.ts';
import type { MediaRow, Store } from '../../engine/library/types.ts';
import type { FfmpegBinaries } from '../../engine/media/binaries.ts';
import { exportRange } from '../../engine/media/export.ts';

/** Containers that take nearly any codec: others get a re-encoded MP4 where a copy does not work. */
const COPYABLE = new Set(['.mp4', '.mov', '.m4v', '.mkv', '.webm']);

/**
 * Writes a stretch as a file into the library's `exports` folder: a copy of the stream where the container allows,
 * which begins at the key frame before; otherwise encoded anew.
 *
 * @throws TubeletError as `exportRange`, and `not-found` for a file that is not there.
 */
export async function exportStretch(
  parts: { store: Store; binaries: FfmpegBinaries; signal: AbortSignal },
  { mediaId, start, end }: RequestOf<'export.range'>,
): Promise<ReplyOf<'export.range'>> {
  const media = mediaOf(parts.store, mediaId);
  const facts = media.facts;
  if (facts?.kind !== 'video') {
    throw new TubeletError('not-media', 'Only a stretch of a video can be exported.', { path: media.path });
  }
  const folder = join(parts.store.directory, 'exports');
  await mkdir(folder, { recursive: true });
  const extension = extname(media.path).toLowerCase();
  const stem = `${basename(media.path, extname(media.path))} ${clock(start)}–${clock(end)}`;
  const write = async (how: 'copy' | 'encode', ending: string): Promise<ReplyOf<'export.range'>> => {
    const target = freeName(folder, stem, ending);
    const { binaries, signal } = parts;
    await exportRange({ path: media.path, facts, from: start, to: end, target, how, binaries, signal });
    return { path: target, copied: how === 'copy', bytes: (await stat(target)).size };
  };
  if (!COPYABLE.has(extension)) return await write('encode', '.mp4');
  try {
    return await write('copy', extension);
  } catch (error) {
    if (!(error instanceof TubeletError) || error.code !== 'ffmpeg-failed') throw error;
    return await write('encode', '.mp4');
  }
}

/** Moments as a list. Edit lists are of one file: CSV takes several. */
export function exportMoments(
  store: Store,
  { format, moments }: RequestOf<'export.moments'>,
): ReplyOf<'export.moments'> {
  const first = moments[0];
  if (first === undefined) throw new TubeletError('usage', 'There are no moments to export.');
  const several = moments.some(({ mediaId }) => mediaId !== first.mediaId);
  const media = mediaOf(store, first.mediaId);
  const cues = (label: (moment: (typeof moments)[number]) => string): Cue[] =>
    moments.map((moment) => ({
      start: moment.start,
      end: moment.end,
      text: label(moment),
      confidence: 1,
      source: 'user',
    }));
  const plain = cues(({ label }) => label);
  const stem = several ? 'moments' : `${basename(media.path, extname(media.path))} moments`;
  if (several && format !== 'csv') {
    throw new TubeletError('usage', 'An edit list is of one file; these moments are of several.', {
      hint: 'Export them as CSV, or file by file.',
    });
  }
  switch (format) {
    case 'csv': {
      const named = cues(({ label, mediaId }) => `${basename(mediaOf(store, mediaId).path)}: ${label}`);
      return { fileName: `${stem}.csv`, mimeType: 'text/csv', content: writeCsv(several ? named : plain) };
    }
    case 'fcpxml':
      return {
        fileName: `${stem}.fcpxml`,
        mimeType: 'application/xml',
        content: writeFcpxml(plain, editContext(media, 'clips')),
      };
    case 'edl':
      return {
        fileName: `${stem}.edl`,
        mimeType: 'text/plain',
        content: writeEdl(plain, editContext(media, 'clips')),
      };
    default:
      return missingCase(format);
  }
}

function mediaOf(store: Store, id: number): MediaRow {
  const media = store.media(id);
  if (media === undefined) throw new TubeletError('not-found', 'That file is no longer in the library.');
  return media;
}

/** Hours, minutes and seconds in a way that every file system takes: `1.02.03`. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(whole / 3600)}.${two(Math.floor(whole / 60) % 60)}.${two(whole % 60)}`;
}

/** A name that nothing has yet: an export never replaces another. */
function freeName(folder: string, stem: string, extension: string): string {
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? `${stem}${extension}` : `${stem} (${number})${extension}`);
    if (!existsSync(path)) return path;
  }
}
