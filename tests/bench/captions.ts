import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { captionMedia } from '../../electron/engine/captions/describe.ts';
import { writeSrt } from '../../electron/engine/captions/srt.ts';
import { subtitleCues } from '../../electron/engine/captions/track.ts';
import { Engine } from '../../electron/engine/engine.ts';
import type { ClipRow, MediaRow } from '../../electron/engine/library/types.ts';
import type { LanguageModel } from '../../electron/engine/models/types.ts';
import { benchFilm } from './film.ts';
import { PACK_FOLDER } from './pack.ts';
import { scaled } from './scale.ts';
import { progress, rounded } from './timing.ts';

const CLIP_SECONDS = 4;
/** Ten minutes of clips. */
const CLIPS = scaled(150);
const FILM_SECONDS = CLIPS * CLIP_SECONDS;
/** Different clips that are enough: they come again until the film is full. */
const DIFFERENT_CLIPS = scaled(40);
const TARGET_SECONDS = 20;

/**
 * Captions of a ten-minute film from stored tokens, written as SRT. The clips are real ones where TUBELET_DATA names a
 * folder with `videos/`, those of the made film otherwise; each is stored several times, as clips of one film.
 */
export async function benchCaptions(): Promise<object> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tubelet-bench-'));
  const engine = Engine.open({ library: path.join(folder, 'library'), pack: PACK_FOLDER });
  try {
    const source = await indexSomeClips(engine);
    const { facts } = await engine.pack();
    const film = storeFilm(engine, path.join(folder, 'ten minutes.mp4'), source.media, facts.tokenWidth);
    const spent = { decoding: 0, embedding: 0 };
    const language = timedLanguage(await engine.language(), spent);
    progress('starting the decoder');
    await language.captionMany([engine.store.tokens(source.clips[0]?.id ?? 0)]);
    spent.decoding = 0;

    progress(`captioning ${CLIPS} clips`);
    const begun = performance.now();
    await captionMedia({ store: engine.store, language, mediaId: film.id });
    const captioned = performance.now();
    const cues = subtitleCues(engine.store, film);
    await writeFile(path.join(folder, 'film.srt'), writeSrt(cues));
    const written = performance.now();

    const decoderSeconds = rounded(spent.decoding / 1000);
    return {
      pack: `${facts.id} ${facts.revision}`,
      clipsFrom: source.from,
      threads: availableParallelism(),
      filmSeconds: FILM_SECONDS,
      clips: CLIPS,
      differentClips: source.clips.length,
      cues: cues.length,
      decoderSeconds,
      textEmbeddingSeconds: rounded(spent.embedding / 1000),
      allSeconds: rounded((captioned - begun) / 1000),
      srtMilliseconds: rounded(written - captioned),
      clipsPerSecond: rounded((1000 * CLIPS) / spent.decoding),
      targetSeconds: TARGET_SECONDS,
      decoderToTarget: rounded(spent.decoding / 1000 / TARGET_SECONDS),
    };
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface SomeClips {
  readonly from: string;
  /** A file whose facts the film takes over. */
  readonly media: MediaRow;
  readonly clips: readonly ClipRow[];
}

async function indexSomeClips(engine: Engine): Promise<SomeClips> {
  const data = process.env['TUBELET_DATA'];
  const files = data === undefined ? [await benchFilm()] : await smallestFirst(path.join(data, 'videos'));
  const { facts } = await engine.pack();
  for (const file of files) {
    progress(`indexing ${path.basename(file)}`);
    await engine.index([file], { mode: 'thorough' });
    if (engine.store.clipCount(facts.revision) >= DIFFERENT_CLIPS) break;
  }
  const media = engine.store.allMedia({ states: ['indexed'] });
  const clips = media.flatMap(({ id }) => engine.store.clips(id, facts.revision)).slice(0, DIFFERENT_CLIPS);
  if (media[0] === undefined || clips.length === 0) throw new Error('No clip could be made.');
  return { from: data === undefined ? 'the made film' : 'real clips', media: media[0], clips };
}

async function smallestFirst(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.(mp4|mkv|webm|mov|avi)$/i.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({
      file: path.join(folder, name),
      bytes: (await stat(path.join(folder, name))).size,
    })),
  );
  return files.sort((a, b) => a.bytes - b.bytes).map(({ file }) => file);
}

/** Stores a film of ten minutes whose clips are the library's own, again and again. The file itself is not there. */
function storeFilm({ store }: Engine, file: string, like: MediaRow, tokenWidth: number): MediaRow {
  const { facts, packRevision } = like;
  if (facts === null || packRevision === null) throw new Error(`${like.path} was not indexed.`);
  const source = store
    .allMedia({ states: ['indexed'] })
    .flatMap(({ id }) => store.mediaEmbeddings(id, packRevision))
    .slice(0, DIFFERENT_CLIPS)
    .map(({ clip, embedding }) => ({ clip, embedding, tokens: store.tokens(clip.id) }));
  const found = {
    path: file,
    fingerprint: 'ten-minutes',
    bytes: 1,
    modifiedAt: '2026-01-01T00:00:00.000Z',
    kind: 'video',
  } as const;
  const { id } = store.addMedia(like.rootId, found, 'thorough');
  store.beginIndexing(id, { ...facts, duration: FILM_SECONDS }, 'thorough', packRevision);
  store.appendClips(
    id,
    packRevision,
    Array.from({ length: CLIPS }, (_, ordinal) => {
      const { clip, embedding, tokens } = source[ordinal % source.length]!;
      const start = ordinal * CLIP_SECONDS;
      return {
        ordinal,
        start,
        end: start + CLIP_SECONDS,
        cutBefore: clip.cutBefore,
        embedding,
        tokens,
        tokenWidth,
      };
    }),
  );
  store.finishIndexing(id, packRevision);
  return store.media(id)!;
}

/** A language model that adds up the milliseconds that its two passes take. */
function timedLanguage(
  language: LanguageModel,
  spent: { decoding: number; embedding: number },
): LanguageModel {
  const clocked = async <T>(pass: keyof typeof spent, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work();
    spent[pass] += performance.now() - begun;
    return result;
  };
  return {
    pack: language.pack,
    embedTexts: (texts) => clocked('embedding', () => language.embedTexts(texts)),
    caption: (tokens, options) => clocked('decoding', () => language.caption(tokens, options)),
    captionMany: (tokens, options) => clocked('decoding', () => language.captionMany(tokens, options)),
    answer: (tokens, question, options) => language.answer(tokens, question, options),
    scoreAnswers: (tokens, question, candidates) => language.scoreAnswers(tokens, question, candidates),
    scoreCaption: (text, clips) => language.scoreCaption(text, clips),
    locate: (tokens, phrase) => language.locate(tokens, phrase),
    close: () => language.close(),
  };
}
