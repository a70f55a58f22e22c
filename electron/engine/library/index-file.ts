import { statfs } from 'node:fs/promises';
import {
  diskFull,
  errorOf,
  isCancelled,
  reportOf,
  TubeletError,
  type ErrorCode,
  type ErrorReport,
} from '../errors.ts';
import type { ClipFrames, IndexMode, MediaFacts, ReadClipsOptions } from '../media/types.ts';
import type { EncodedClip, PackFacts, VisionEncoder } from '../models/types.ts';
import { thumbnailFolder } from './thumbnails.ts';
import type { IndexStore, MediaRow, NewClip } from './types.ts';

/** The side of the media folder that indexing needs: bound to the programs that were found. */
export interface MediaReader {
  probe(path: string, signal?: AbortSignal): Promise<MediaFacts>;
  readClips(options: ReadClipsOptions): AsyncGenerator<ClipFrames>;
  /** What comes of the wanted mode for this file; `reason` says why it is another. */
  chooseMode(facts: MediaFacts, wanted: IndexMode): { mode: IndexMode; reason: string | null };
}

/** What indexing works with. The encoder is opened by the first file that needs it. */
export interface IndexingParts {
  readonly store: IndexStore;
  readonly reader: MediaReader;
  readonly pack: PackFacts;
  readonly encoder: () => Promise<VisionEncoder>;
}

/** What became of one file. */
export interface FileOutcome {
  readonly mediaId: number;
  readonly path: string;
  readonly state: 'indexed' | 'failed' | 'missing';
  readonly clips: number;
  /** Seconds of video; 0 for an image. */
  readonly seconds: number;
  readonly error?: ErrorReport;
  /** What a person should know though it went well. */
  readonly note?: string;
}

/**
 * Frames in the encoder's hands while the decoder goes on, as clips and as stills: enough to keep both busy (stills
 * go through the graph together), few enough to stay small.
 */
const QUEUE = { clips: 3, stills: 12 };
/** A batch of clips is committed when it has this many clips … */
const BATCH_CLIPS = 8;
/** … or its first clip has waited this long. Milliseconds. */
const BATCH_WAIT = 2000;
/** A disk with fewer bytes left than this is full, whatever a program says of its failure. */
const FULL_BELOW = 1024 * 1024;

/** Failures that no other file would escape: indexing stops, and the file keeps its place in the queue. */
const FATAL: readonly ErrorCode[] = [
  'cancelled',
  'disk-full',
  'ffmpeg-missing',
  'pack-missing',
  'pack-invalid',
  'pack-incapable',
  'library-damaged',
];

/**
 * Indexes one file: probe, clips, encoder, store. Clips are committed in batches, so that an interruption loses at most
 * two seconds; the next call then begins again at the last clip that was kept. A failure of the file is an outcome.
 *
 * @param onClip told after every clip; `fraction` of this file, 0 to 1
 * @throws TubeletError only for what would stop every other file too: cancelled, disk full, no ffmpeg, no pack.
 */
export async function indexFile(
  parts: IndexingParts,
  media: MediaRow,
  signal: AbortSignal,
  onClip: (fraction: number, facts: MediaFacts) => void,
): Promise<FileOutcome> {
  const { store, pack } = parts;
  try {
    signal.throwIfAborted();
    const twin = store
      .mediaByFingerprint(media.fingerprint)
      .find(
        (other) =>
          other.id !== media.id &&
          other.state === 'indexed' &&
          other.packRevision === pack.revision &&
          (other.mode === media.mode || other.kind === 'image'),
      );
    if (twin !== undefined) {
      store.adoptClips(media.id, twin, pack.revision);
      return outcomeOf(store, media.id, null);
    }
    // Opened while the file is probed and the decoder starts. Its failure is that of the first clip.
    const encoder = parts.encoder();
    encoder.catch(() => undefined);
    const facts =
      media.state === 'indexing' && media.facts !== null
        ? media.facts
        : await parts.reader.probe(media.path, signal);
    const { mode, reason } = parts.reader.chooseMode(facts, media.mode);
    await encodeClips(parts, encoder, media, facts, mode, signal, onClip);
    return outcomeOf(store, media.id, reason);
  } catch (error) {
    const report = await explain(error, media.path, store.directory);
    if (FATAL.includes(report.code)) throw fatal(report, error);
    if (report.code === 'not-found') store.markMissing(media.id);
    else store.failIndexing(media.id, report);
    return outcomeOf(store, media.id, null);
  }
}

async function encodeClips(
  parts: IndexingParts,
  encoder: Promise<VisionEncoder>,
  media: MediaRow,
  facts: MediaFacts,
  mode: IndexMode,
  signal: AbortSignal,
  onClip: (fraction: number, facts: MediaFacts) => void,
): Promise<void> {
  const { store, reader, pack } = parts;
  const last = store.beginIndexing(media.id, facts, mode, pack.revision);
  const batch = new ClipBatch((clips) => {
    store.appendClips(media.id, pack.revision, clips);
  });
  const encoding: { clip: Omit<ClipFrames, 'frames'>; result: Promise<Settled> }[] = [];
  const keepFirst = async (): Promise<void> => {
    const first = encoding.shift();
    if (first === undefined) return;
    const result = await first.result;
    if ('error' in result) throw errorOf(result.error);
    const { ordinal, start, end, cutBefore } = first.clip;
    batch.add({ ordinal, start, end, cutBefore, ...result.encoded, tokenWidth: pack.tokenWidth });
    onClip(facts.duration === 0 ? 1 : Math.min(1, (end - facts.start) / facts.duration), facts);
  };
  let readerFailure: unknown;
  try {
    const clips = reader.readClips({
      path: media.path,
      facts,
      geometry: pack.geometry,
      mode,
      thumbnails: thumbnailFolder(store.directory, media.fingerprint),
      signal,
      ...(last === undefined
        ? {}
        : { resume: { ordinal: last.ordinal, start: last.start, cutBefore: last.cutBefore } }),
    });
    for await (const { frames, ...clip } of clips) {
      encoding.push({
        clip,
        result: settled(encoder.then((open) => open.embedClip(frames, clip.frameCount))),
      });
      if (encoding.length >= (clip.frameCount === 1 ? QUEUE.stills : QUEUE.clips)) await keepFirst();
    }
  } catch (error) {
    readerFailure = error;
  }
  // Whatever ended the reading, the clips that came before it are good. A person who cancels does not wait for them.
  const cancelled = readerFailure !== undefined && isCancelled(readerFailure);
  while (encoding.length > 0 && !cancelled) await keepFirst();
  batch.flush();
  if (readerFailure !== undefined) throw errorOf(readerFailure);
  signal.throwIfAborted();
  store.finishIndexing(media.id, pack.revision);
}

type Settled = { readonly encoded: EncodedClip } | { readonly error: unknown };

/** The promise's end as a value: it may come before anyone waits for it, and must not count as unhandled. */
function settled(encoding: Promise<EncodedClip>): Promise<Settled> {
  return encoding.then(
    (encoded) => ({ encoded }),
    (error: unknown) => ({ error }),
  );
}

/** Collects clips and hands them on in batches. */
class ClipBatch {
  readonly #store: (clips: readonly NewClip[]) => void;
  #clips: NewClip[] = [];
  #since = 0;

  constructor(store: (clips: readonly NewClip[]) => void) {
    this.#store = store;
  }

  add(clip: NewClip): void {
    if (this.#clips.length === 0) this.#since = performance.now();
    this.#clips.push(clip);
    if (this.#clips.length >= BATCH_CLIPS || performance.now() - this.#since >= BATCH_WAIT) this.flush();
  }

  flush(): void {
    const clips = this.#clips;
    this.#clips = [];
    if (clips.length > 0) this.#store(clips);
  }
}

async function explain(error: unknown, path: string, directory: string): Promise<ErrorReport> {
  const fromDatabase = String((error as { code?: unknown }).code).startsWith('SQLITE_');
  const report = reportOf(error, fromDatabase ? directory : path);
  if (report.code === 'cancelled') return report;
  const disk = await statfs(directory);
  const full = report.code === 'disk-full' || disk.bavail * disk.bsize < FULL_BELOW;
  // Nothing is wrong with the film: what has no room left is the disk with the library.
  return full ? reportOf(diskFull(directory, error)) : report;
}

function fatal(report: ErrorReport, cause: unknown): TubeletError {
  if (cause instanceof TubeletError && cause.code === report.code && report.code !== 'disk-full')
    return cause;
  const { code, message, path, hint } = report;
  return new TubeletError(code, message, {
    cause,
    ...(path === undefined ? {} : { path }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What the library says of a file that has been dealt with. */
export function outcomeOf(store: IndexStore, mediaId: number, note: string | null): FileOutcome {
  const media = store.media(mediaId);
  if (media === undefined)
    throw new TubeletError('not-found', 'The file was removed from the library meanwhile.');
  return {
    mediaId,
    path: media.path,
    state: media.state === 'failed' || media.state === 'missing' ? media.state : 'indexed',
    clips: media.clipCount,
    seconds: media.facts?.duration ?? 0,
    ...(media.error === null ? {} : { error: media.error }),
    ...(note === null ? {} : { note }),
  };
}
