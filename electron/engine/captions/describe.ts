/**
 * Captions of a file from its stored vision tokens. No video is opened: the words come from the library's database
 * and the decoder alone.
 */
import { reportOf, TubeletError, isCancelled, type ErrorReport } from '../errors.ts';
import type { CaptionRow, ClipRow, MediaRow, NewCaption, Store } from '../library/types.ts';
import { calibrationOf } from '../models/calibration.ts';
import type { LanguageModel } from '../models/types.ts';
import { captionOfClip } from './choosing.ts';
import type { Gate } from './pause.ts';
import { throwIfCancelled } from './pause.ts';
import { removedStretches } from './removed.ts';
import { stateMeaning, type ClipCaption, type Statement } from './statements.ts';

/** Clips that are decoded together. */
const BATCH = 8;

/** What captioning needs. */
export interface CaptionMediaOptions {
  readonly store: Store;
  readonly language: LanguageModel;
  readonly mediaId: number;
  readonly signal?: AbortSignal;
  /** Shut to pause between two batches of clips. */
  readonly gate?: Gate;
  readonly onProgress?: (progress: { readonly clipsDone: number; readonly clipsTotal: number }) => void;
}

/**
 * Writes the captions of one file and returns all it has now, a person's own among them. The model's former captions
 * are replaced; a person's are never touched, and where theirs lie the model says nothing.
 * @throws TubeletError `pack-incapable`, `not-found` (no such file, or not indexed with this pack), `cancelled`.
 */
export async function captionMedia(options: CaptionMediaOptions): Promise<CaptionRow[]> {
  const { store, language, mediaId } = options;
  const media = captionable(store, language, mediaId);
  const clips = store.clips(mediaId, language.pack.revision);
  if (clips.length === 0) {
    throw new TubeletError('not-found', 'The file is not indexed with the model in use.', {
      path: media.path,
      hint: 'Index it first; captions are written from what indexing keeps.',
    });
  }
  const { sameMeaning } = calibrationOf(language.pack).captions;
  const statements = stateMeaning(await captionClips(clips, options), sameMeaning);
  const removed = removedStretches(store, mediaId);
  const captions = statements
    .filter((statement) => !removed.some((stretch) => covers(stretch, statement)))
    .map((statement) => newCaption(statement, mediaId, language.pack.revision));
  store.replaceModelCaptions(mediaId, captions);
  store.setSetting(doneKey(mediaId), captionedState(media, language, clips.length));
  return store.captions(mediaId);
}

function captionable(store: Store, language: LanguageModel, mediaId: number): MediaRow {
  if (!language.pack.capabilities.includes('caption')) {
    throw new TubeletError('pack-incapable', `The model ${language.pack.name} cannot write captions.`, {
      hint: 'Choose a model that can; `models` lists what each can do.',
    });
  }
  const media = store.media(mediaId);
  if (!media) throw new TubeletError('not-found', 'That file is no longer in the library.');
  return media;
}

async function captionClips(clips: readonly ClipRow[], options: CaptionMediaOptions): Promise<ClipCaption[]> {
  const { store, language, mediaId, signal, gate, onProgress } = options;
  const seen = new Map(
    store.mediaEmbeddings(mediaId, language.pack.revision).map(({ clip, embedding }) => [clip.id, embedding]),
  );
  const captions: ClipCaption[] = [];
  for (let from = 0; from < clips.length; from += BATCH) {
    throwIfCancelled(signal);
    await gate?.pass(signal);
    const batch = clips.slice(from, from + BATCH);
    const generations = await language.captionMany(batch.map((clip) => store.tokens(clip.id)));
    for (const [index, clip] of batch.entries()) {
      const generation = generations[index];
      if (!generation) throw new TubeletError('internal', 'The decoder left out a clip.');
      const { start, end, cutBefore } = clip;
      const picture = seen.get(clip.id) ?? null;
      captions.push({
        start,
        end,
        cutBefore,
        picture,
        ...(await captionOfClip(generation, picture, language)),
      });
    }
    onProgress?.({ clipsDone: captions.length, clipsTotal: clips.length });
  }
  throwIfCancelled(signal);
  return captions;
}

/** True where most of the statement lies in a stretch whose caption a person took away. */
function covers(stretch: { start: number; end: number }, { start, end }: Statement): boolean {
  const shared = Math.min(stretch.end, end) - Math.max(stretch.start, start);
  return end > start ? shared > (end - start) / 2 : stretch.start <= start && start <= stretch.end;
}

function newCaption(statement: Statement, mediaId: number, packRevision: string): NewCaption {
  const { start, end, text, embedding, confidence } = statement;
  return { mediaId, start, end, text, source: 'model', confidence, embedding, packRevision };
}

const doneKey = (mediaId: number): string => `captions.written.${mediaId}`;

/** Rises when the same clips are captioned in other words than before. */
const WRITING = 2;

/** Changes whenever captions written before would not be those written now. */
function captionedState(media: MediaRow, language: LanguageModel, clips: number): string {
  return [media.fingerprint, language.pack.revision, clips, WRITING].join(' ');
}

/** True where the file's captions were written from its present clips with this pack. */
export function isCaptioned(store: Store, language: LanguageModel, media: MediaRow): boolean {
  const clips = store.clips(media.id, language.pack.revision).length;
  return clips > 0 && store.setting(doneKey(media.id)) === captionedState(media, language, clips);
}

/** Where captioning a library stands. */
export interface CaptionLibraryProgress {
  readonly mediaId: number;
  readonly path: string;
  readonly filesDone: number;
  readonly filesTotal: number;
  /** Of the present file, 0 to 1. */
  readonly fraction: number;
}

/** What came of captioning a library. */
export interface CaptionLibraryResult {
  readonly captioned: number;
  /** Had their captions already. */
  readonly kept: number;
  readonly failed: readonly { readonly path: string; readonly error: ErrorReport }[];
}

/**
 * Captions every indexed file that has none for its present clips; `mediaIds` narrows it, `again` writes all anew. A
 * file that fails is listed and the rest goes on. Interrupted at any moment, the next call goes on with the files left.
 * @throws TubeletError `pack-incapable`, `cancelled`.
 */
export async function captionLibrary(
  options: Omit<CaptionMediaOptions, 'mediaId' | 'onProgress'> & {
    readonly mediaIds?: readonly number[];
    readonly again?: boolean;
    readonly onProgress?: (progress: CaptionLibraryProgress) => void;
  },
): Promise<CaptionLibraryResult> {
  const { mediaIds, again = false, onProgress, ...shared } = options;
  const { store, language, signal, gate } = shared;
  const all = store
    .allMedia({ states: ['indexed'] })
    .filter((media) => mediaIds === undefined || mediaIds.includes(media.id));
  const files = again ? all : all.filter((media) => !isCaptioned(store, language, media));
  const failed: { path: string; error: ErrorReport }[] = [];
  let filesDone = 0;
  for (const media of files) {
    await gate?.pass(signal);
    throwIfCancelled(signal);
    const tell = (fraction: number): void =>
      onProgress?.({ mediaId: media.id, path: media.path, filesDone, filesTotal: files.length, fraction });
    tell(0);
    try {
      await captionMedia({
        ...shared,
        mediaId: media.id,
        onProgress: ({ clipsDone, clipsTotal }) => {
          tell(clipsDone / clipsTotal);
        },
      });
    } catch (error) {
      const stop = isCancelled(error) || (error instanceof TubeletError && error.code === 'pack-incapable');
      if (stop) throw error;
      failed.push({ path: media.path, error: reportOf(error, media.path) });
    }
    filesDone += 1;
  }
  return { captioned: files.length - failed.length, kept: all.length - files.length, failed };
}
