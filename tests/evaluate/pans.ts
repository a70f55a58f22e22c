import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { counting, openEngine, progress, sampleSize, type Evaluation } from './evaluation.ts';
import { openHeldOut, type IndexedPhotograph } from './held-out.ts';
import { cosines, embedMany, rankOf, recall, textToImageRanks } from './recall.ts';
import { FIXTURE_FFMPEG } from '../fixtures/videos.ts';

const PHOTOGRAPHS = 200;
const SECONDS = 4;
const RATE = 12.5;
/** The window's share of the photograph's width and height; it moves from one corner to the opposite one. */
const WINDOW = 0.85;
/** Pixels of the photograph's sides before the window is cut, so that it moves by less than a pixel of the model's. */
const SIDE = 640;

const run = promisify(execFile);

/**
 * Held-out photographs shown as pans of four seconds: text-to-image recall among as many pans, beside that of the same
 * captions among the pans' middle frames, which have no temporal tubes, and among the stills of the same photographs. The
 * pans are encoded as video, indexed as any, and deleted.
 */
export async function evaluatePans(evaluation: Evaluation): Promise<object> {
  const { engine, photographs } = await openHeldOut(evaluation);
  try {
    const chosen = photographs.slice(0, sampleSize(evaluation, PHOTOGRAPHS));
    const captions = chosen.flatMap((photograph) => photograph.captions);
    const texts = await embedMany(await engine.language(), captions);
    const { pans, frames } = await embedPans(evaluation, chosen);
    const owners = chosen.flatMap((photograph, own) => photograph.captions.map(() => own));
    let from = 0;
    const stills = chosen.map(({ embedding, captions: { length } }) => ({
      embedding,
      texts: texts.slice(from, (from += length)),
    }));
    // A film is as near as its nearest clip.
    const ranks = (films: readonly Float32Array[][]): number[] =>
      texts.map((text, index) =>
        rankOf(
          films.map((clips) => Math.max(...cosines(text, clips))),
          [owners[index]!],
        ),
      );
    return {
      photographs: chosen.length,
      captions: captions.length,
      seconds: SECONDS,
      window: WINDOW,
      clips: pans.reduce((count, clips) => count + clips.length, 0),
      pans: recall(ranks(pans)),
      middleFrames: recall(ranks(frames)),
      stills: recall(textToImageRanks(stills)),
    };
  } finally {
    await engine.close();
  }
}

/** The embeddings of every pan's clips, and of the frame in its middle. */
async function embedPans(
  evaluation: Evaluation,
  photographs: readonly IndexedPhotograph[],
): Promise<Record<'pans' | 'frames', Float32Array[][]>> {
  const folder = mkdtempSync(path.join(evaluation.work, 'pans-'));
  const films = path.join(folder, 'films');
  mkdirSync(films);
  try {
    const tell = counting('making pans', photographs.length);
    const made: { pan: string; frame: string }[] = [];
    for (const photograph of photographs) {
      const stem = path.join(films, String(made.length).padStart(4, '0'));
      const files = { pan: `${stem}.mp4`, frame: `${stem}.png` };
      await makePan(photograph.path, files.pan, made.length % 2 === 0);
      await run(FIXTURE_FFMPEG, [
        ...['-v', 'error', '-nostdin', '-y', '-ss', `${SECONDS / 2}`, '-i', files.pan],
        ...['-frames:v', '1', files.frame],
      ]);
      tell(made.push(files));
    }
    progress('indexing the pans');
    const engine = openEngine(evaluation, path.join(path.basename(folder), 'library'));
    try {
      await engine.index([films]);
      const { revision } = (await engine.pack()).facts;
      const embeddings = (file: string): Float32Array[] => {
        const media = engine.store.mediaByPath(file);
        const clips = media ? engine.store.mediaEmbeddings(media.id, revision) : [];
        if (clips.length === 0) throw new Error(`The pan ${file} was not indexed.`);
        return clips.map(({ embedding }) => embedding);
      };
      return {
        pans: made.map(({ pan }) => embeddings(pan)),
        frames: made.map(({ frame }) => embeddings(frame)),
      };
    } finally {
      await engine.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A window that moves over a photograph, from the upper left to the lower right or back. */
async function makePan(photograph: string, film: string, forth: boolean): Promise<void> {
  const along = forth ? `t/${SECONDS}` : `(1-t/${SECONDS})`;
  const filters = [
    `scale=${SIDE}:${SIDE}:flags=bicubic`,
    `crop=w=${WINDOW}*iw:h=${WINDOW}*ih:x='(iw-ow)*${along}':y='(ih-oh)*${along}'`,
    'scale=trunc(iw/2)*2:trunc(ih/2)*2',
    'format=yuv420p',
  ];
  const input = ['-loop', '1', '-framerate', `${RATE}`, '-t', `${SECONDS}`, '-i', photograph];
  const output = ['-vf', filters.join(','), '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', film];
  await run(FIXTURE_FFMPEG, ['-v', 'error', '-nostdin', '-y', ...input, ...output]);
}
