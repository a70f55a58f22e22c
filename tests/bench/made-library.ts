import { createHash } from 'node:crypto';
import { copyFile, lstat, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../electron/engine/library/database.ts';
import { lockLibrary } from '../../electron/engine/library/lock.ts';
import { SqliteStore } from '../../electron/engine/library/store.ts';
import { thumbnailFolder, thumbnailRoot } from '../../electron/engine/library/thumbnails.ts';
import type { NewClip } from '../../electron/engine/library/types.ts';
import { resolveBinaries } from '../../electron/engine/media/binaries.ts';
import { makePoster } from '../../electron/engine/media/poster.ts';
import { planSheets, sheetFileName, writeSheets } from '../../electron/engine/media/thumbnails.ts';
import type { MediaFacts } from '../../electron/engine/media/types.ts';
import { openLanguageModel } from '../../electron/engine/models/language-model.ts';
import type { ModelPack } from '../../electron/engine/models/pack.ts';
import { unit } from '../../electron/engine/vectors/dot.ts';
import { openVectors } from '../../electron/engine/vectors/live.ts';
import { makeVideo, testCard } from '../fixtures/videos.ts';
import { ffmpeg } from '../integration/library/films.ts';
import { gaussian, seeded } from '../unit/vectors/clusters.ts';
import { sentences } from './sentences.ts';
import { packUnderTest } from './pack.ts';
import { scaled } from './scale.ts';
import { progress } from './timing.ts';

/** Raised when what is made changes: the libraries of former recipes are not taken up again. */
const RECIPE = 1;
/** Raised when only the pictures change: they are drawn anew, which takes seconds, into libraries that are there. */
const PICTURE_RECIPE = 2;
const FILES = scaled(20_000);
/** 2,700 of them are the long film's. */
const CLIPS = Math.max(scaled(100_000), 2700 + FILES);
const CLIP_SECONDS = 4;
/** Three hours. */
const LONG_FILM_CLIPS = 2700;
/** Different pictures among the files' thumbnails. */
const PICTURES = 40;
const FILES_A_FOLDER = 100;
/** Length of the noise around a cluster's direction, which has length 1. */
const SPREAD = 0.8;

/** A library that was made, not indexed. */
export interface MadeLibrary {
  /** The library's folder. */
  readonly library: string;
  readonly files: number;
  readonly clips: number;
  /** The id of the film of three hours, the only file with something in it. */
  readonly longFilm: number;
  readonly longFilmClips: number;
}

/** What is written down of a made library, to take it up again. */
interface Note extends MadeLibrary {
  /** The recipe of its pictures; absent from libraries of the first one. */
  readonly pictures?: number;
}

/**
 * A library of 20,000 videos with 100,000 clips, one of them three hours long, written straight into the store: every
 * clip lies near what a plain sentence means to the pack, so that searches find something. All files but the long film
 * are empty and share forty sheets of thumbnails and posters. Made once for a pack and kept in the temporary folder, its graph too.
 */
export async function madeLibrary(): Promise<MadeLibrary> {
  const pack = await packUnderTest();
  const { revision } = pack.facts;
  const key = createHash('sha256')
    .update(JSON.stringify([RECIPE, FILES, CLIPS, revision]))
    .digest('hex');
  const folder = path.join(tmpdir(), `tubelet-bench-library-${key.slice(0, 12)}`);
  const note = path.join(folder, 'made.json');
  const before = await readNote(note);
  if (before?.pictures === PICTURE_RECIPE) return before;
  if (before === null) await rm(folder, { recursive: true, force: true });
  const made = before ?? (await make(folder, pack));
  progress('drawing its pictures (once)');
  await drawPictures(made.library);
  await writeFile(`${note}.part`, JSON.stringify({ ...made, pictures: PICTURE_RECIPE }));
  await rename(`${note}.part`, note);
  return made;
}

async function readNote(note: string): Promise<Note | null> {
  try {
    return JSON.parse(await readFile(note, 'utf8')) as Note;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

interface MadeFile {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: string;
  readonly clips: number;
  readonly fingerprint: string;
}

async function make(folder: string, pack: ModelPack): Promise<MadeLibrary> {
  const library = path.join(folder, 'library');
  const films = path.join(folder, 'films');
  await mkdir(library, { recursive: true });
  progress(`making a library of ${FILES} files and ${CLIPS} clips (once)`);
  const files = await makeFiles(films);
  const embedding = await embeddingsLike(pack);
  const { revision } = pack.facts;
  const lock = lockLibrary(library);
  const database = openDatabase(library);
  const store = new SqliteStore(library, database, lock);
  try {
    // The store's own transactions become parts of this one.
    const ids = database.transaction(() => {
      const root = store.addRoot(films);
      return files.map((file, number) => {
        const { id } = store.addMedia(root.id, { ...file, kind: 'video' }, 'thorough');
        store.beginIndexing(id, factsOf(file.clips, number), 'thorough', revision);
        store.appendClips(
          id,
          revision,
          Array.from({ length: file.clips }, (_, ordinal) => clip(ordinal, embedding())),
        );
        store.finishIndexing(id, revision);
        return id;
      });
    })();
    progress('building its graph (once)');
    await buildGraph(store, pack);
    return { library, files: FILES, clips: CLIPS, longFilm: ids[0] ?? 0, longFilmClips: LONG_FILM_CLIPS };
  } finally {
    store.close();
  }
}

/** The long film first, then empty files: nothing of this library is indexed, so nothing of them is read. */
async function makeFiles(films: string): Promise<MadeFile[]> {
  const card = await testCard(60, { size: '160x90', rate: 2, gop: 4 });
  const again = (LONG_FILM_CLIPS * CLIP_SECONDS) / 60 - 1;
  const threeHours = await makeVideo('mp4', ['-stream_loop', `${again}`, '-i', card, '-c', 'copy']);
  const files: MadeFile[] = [];
  for (let number = 0; number < FILES; number++) {
    const folder = path.join(films, `${1 + Math.floor(number / FILES_A_FOLDER)}`);
    if (number % FILES_A_FOLDER === 0) await mkdir(folder, { recursive: true });
    const file = path.join(folder, `film ${number}.mp4`);
    await (number === 0 ? copyFile(threeHours, file) : writeFile(file, ''));
    const { size, mtime } = await lstat(file);
    files.push({
      path: file,
      bytes: size,
      modifiedAt: mtime.toISOString(),
      clips: number === 0 ? LONG_FILM_CLIPS : clipsOfFile(number - 1),
      fingerprint: number === 0 ? 'three-hours' : fingerprint(number),
    });
  }
  return files;
}

/** The clips that the long film leaves, spread over the other files. */
function clipsOfFile(number: number): number {
  const [clips, files] = [CLIPS - LONG_FILM_CLIPS, FILES - 1];
  return Math.floor(((number + 1) * clips) / files) - Math.floor((number * clips) / files);
}

function fingerprint(number: number): string {
  return `picture-${number % PICTURES}`;
}

function clip(ordinal: number, embedding: Float32Array): NewClip {
  return {
    ordinal,
    start: ordinal * CLIP_SECONDS,
    end: (ordinal + 1) * CLIP_SECONDS,
    cutBefore: ordinal % 5 === 0,
    embedding,
    tokens: new Float32Array(0),
    tokenWidth: 0,
  };
}

function factsOf(clips: number, number: number): MediaFacts {
  const hour = 3_600_000;
  return {
    kind: 'video',
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    duration: clips * CLIP_SECONDS,
    start: 0,
    width: 320,
    height: 180,
    rotation: 0,
    frameRate: 2,
    frameRateRational: [2, 1],
    codec: 'h264',
    codecProfile: 'High',
    pixelFormat: 'yuv420p',
    streamIndex: 0,
    audioCodec: null,
    keyFrameInterval: 2,
    takenAt: new Date(Date.UTC(2020, 0, 1) + number * hour).toISOString(),
  };
}

/** A sheet of grainy pictures for each fingerprint, and the poster that is cut out of it. */
async function drawPictures(library: string): Promise<void> {
  const sheets = planSheets(factsOf(6, 0));
  const { cellWidth, cellHeight, columns, rows } = sheets;
  const drawn = path.join(library, 'drawn');
  await rm(thumbnailRoot(library), { recursive: true, force: true });
  await mkdir(drawn, { recursive: true });
  const rate = columns * rows;
  const source = `testsrc2=size=${cellWidth}x${cellHeight}:rate=${rate},hue=h=t*9,noise=alls=12:allf=t`;
  ffmpeg(
    ...['-f', 'lavfi', '-t', `${PICTURES}`, '-i', `${source},tile=${columns}x${rows}`],
    // One second of frames makes one sheet, and none is written twice.
    ...['-r', '1', '-q:v', '5', '-start_number', '0', path.join(drawn, '%d.jpg')],
  );
  const binaries = await resolveBinaries();
  for (let picture = 0; picture < PICTURES; picture++) {
    const folder = thumbnailFolder(library, fingerprint(picture));
    await mkdir(folder, { recursive: true });
    await rename(path.join(drawn, `${picture}.jpg`), path.join(folder, sheetFileName('video', 0)));
    await writeSheets(folder, sheets);
    await makePoster(folder, binaries.ffmpeg);
  }
  // Empty by now, or something else was drawn than is asked for.
  await rmdir(drawn);
}

/** A maker of unit vectors around the meanings of plain sentences. */
async function embeddingsLike(pack: ModelPack): Promise<() => Float32Array> {
  const language = await openLanguageModel(pack);
  try {
    const centres = await language.embedTexts(sentences());
    const random = seeded(31);
    const normal = gaussian(random);
    const dimension = pack.facts.embedding;
    return () => {
      const centre = centres[Math.floor(random() * centres.length)] ?? new Float32Array(dimension);
      return unit(centre.map((value) => value + (SPREAD / Math.sqrt(dimension)) * normal()));
    };
  } finally {
    await language.close();
  }
}

async function buildGraph(store: SqliteStore, { facts }: ModelPack): Promise<void> {
  const vectors = openVectors({
    source: store,
    packRevision: facts.revision,
    dimension: facts.embedding,
    directory: path.join(store.directory, 'vectors'),
  });
  try {
    await vectors.refresh();
    await vectors.settled();
    if (vectors.problem !== null) throw new Error(vectors.problem.message);
  } finally {
    await vectors.close();
  }
}
