/** Subtitles that lie beside a video: `holiday.mp4` and `holiday.srt`, `holiday.vtt` or `holiday.en.srt`. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { TubeletError } from '../errors.ts';
import type { CaptionRow, Store } from '../library/types.ts';
import type { ReadingProblem } from './reading.ts';
import { decodeSubtitles, readSubtitles } from './subtitles.ts';

/** Larger files are no subtitles: two hours of speech are under 200 kB. */
const MOST_BYTES = 16 * 1024 * 1024;

/** What was read from a subtitle file. */
export interface ImportedSubtitles {
  readonly path: string;
  readonly captions: readonly CaptionRow[];
  readonly problems: readonly ReadingProblem[];
}

/** The subtitle files beside a video, the one with its very name first, then SRT before WebVTT, then by name. */
export async function sidecarsOf(videoPath: string): Promise<string[]> {
  const folder = dirname(videoPath);
  const stem = basename(videoPath, extname(videoPath));
  const names = (await readdir(folder)).filter((name) => {
    const extension = extname(name).toLowerCase();
    if (extension !== '.srt' && extension !== '.vtt') return false;
    const own = basename(name, extname(name));
    return own === stem || (own.startsWith(`${stem}.`) && /^[\w-]{2,12}$/.test(own.slice(stem.length + 1)));
  });
  return names.sort((a, b) => a.length - b.length || a.localeCompare(b)).map((name) => join(folder, name));
}

/**
 * Reads a subtitle file into the library; see `importSubtitleText`.
 * @throws TubeletError `not-found`, `unreadable`, `usage` (a file too large, or one without any text).
 */
export async function importSubtitles(options: {
  readonly store: Store;
  readonly mediaId: number;
  readonly path: string;
}): Promise<ImportedSubtitles> {
  const { store, mediaId, path } = options;
  return importSubtitleText({ store, mediaId, path, text: decodeSubtitles(await bytesOf(path)) });
}

/**
 * Keeps the text of a subtitle file as captions of source `file`, searchable by their words, in place of those imported
 * before. Text without a time is kept at the file's beginning.
 * @param options.path what to call the file in errors
 * @throws TubeletError `usage` where there is no text in it.
 */
export function importSubtitleText(options: {
  readonly store: Store;
  readonly mediaId: number;
  readonly path: string;
  readonly text: string;
}): ImportedSubtitles {
  const { store, mediaId, path } = options;
  const { cues, loose, problems } = readSubtitles(options.text);
  const introduction =
    loose.length === 0 ? [] : [{ start: 0, end: cues[0]?.start ?? 0, text: loose.join('\n'), confidence: 1 }];
  const rows = [...introduction, ...cues].map(({ start, end, text, confidence }) => {
    return {
      mediaId,
      start,
      end,
      text,
      confidence,
      source: 'file' as const,
      embedding: null,
      packRevision: null,
    };
  });
  if (rows.length === 0) {
    throw new TubeletError('usage', 'There is no text in that file.', {
      path,
      hint: 'Choose an .srt or .vtt file with subtitles in it.',
    });
  }
  store.replaceFileCaptions(mediaId, rows);
  return { path, captions: store.captions(mediaId).filter(({ source }) => source === 'file'), problems };
}

/** Imports the first subtitle file beside a video of the library; null where there is none. Throws as `importSubtitles`. */
export async function importSidecar(options: {
  readonly store: Store;
  readonly mediaId: number;
}): Promise<ImportedSubtitles | null> {
  const media = options.store.media(options.mediaId);
  if (!media) throw new TubeletError('not-found', 'That file is no longer in the library.');
  const [first] = await sidecarsOf(media.path);
  return first === undefined ? null : importSubtitles({ ...options, path: first });
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > MOST_BYTES) {
      throw new TubeletError('usage', 'The file is too large to be subtitles.', { path });
    }
    return bytes;
  } catch (error) {
    if (error instanceof TubeletError) throw error;
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new TubeletError(missing ? 'not-found' : 'unreadable', 'The subtitle file cannot be read.', {
      path,
      hint: missing ? 'Check the name.' : 'Check that you may read it.',
      cause: error,
    });
  }
}
