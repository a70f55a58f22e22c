import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from '../../electron/engine/engine.ts';
import { openEngine, progress, shuffled, type Evaluation } from './evaluation.ts';

/** The split that no model is trained on. */
const SPLIT = 'val';
const COLUMNS = 3;

/** A photograph that no model was trained on, with what five people wrote about it. */
export interface Photograph {
  readonly file: string;
  /** Where its copy lies. */
  readonly path: string;
  readonly captions: readonly string[];
}

/** The held-out photographs as a folder, and the library that is made of it. */
export interface HeldOut {
  /** In an order that depends on the seed alone: every beginning of it is a fair sample. */
  readonly photographs: readonly Photograph[];
  readonly folder: string;
  /** The library's name in the working folder. */
  readonly library: string;
}

/** Copies the photographs of Flickr8k's `val` split, no more than the limit, into the working folder. */
export function heldOut({ data, work, limit }: Evaluation): HeldOut {
  const source = path.join(data, 'flickr8k');
  const captions = new Map<string, string[]>();
  for (const line of readFileSync(path.join(source, 'captions.tsv'), 'utf8').split('\n')) {
    const [file, split, caption] = line.split('\t', COLUMNS);
    if (file === undefined || split !== SPLIT || caption === undefined) continue;
    captions.set(file, [...(captions.get(file) ?? []), caption]);
  }
  const chosen = shuffled([...captions]).slice(0, limit ?? captions.size);
  const folder = path.join(work, `photographs-${chosen.length}`);
  mkdirSync(folder, { recursive: true });
  const photographs = chosen.map(([file, written]) => {
    const copy = path.join(folder, file);
    if (!existsSync(copy)) copyFileSync(path.join(source, file), copy);
    return { file, path: copy, captions: written };
  });
  return { photographs, folder, library: `flickr8k-${chosen.length}` };
}

/** A photograph as the library keeps it. */
export interface IndexedPhotograph extends Photograph {
  readonly mediaId: number;
  readonly embedding: Float32Array;
  /** The stored vision tokens. */
  readonly tokens: Float32Array;
}

/** The held-out photographs, indexed once. The caller closes the engine. */
export async function openHeldOut(
  evaluation: Evaluation,
): Promise<{ engine: Engine; photographs: IndexedPhotograph[] }> {
  const { photographs, folder, library } = heldOut(evaluation);
  const engine = openEngine(evaluation, library);
  try {
    progress(`indexing ${photographs.length} photographs, unless they are`);
    await engine.index([folder]);
    const { revision } = (await engine.pack()).facts;
    return {
      engine,
      photographs: photographs.map((photograph) => ({
        ...photograph,
        ...stored(engine, photograph.path, revision),
      })),
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function stored(
  { store }: Engine,
  file: string,
  revision: string,
): Pick<IndexedPhotograph, 'mediaId' | 'embedding' | 'tokens'> {
  const media = store.mediaByPath(file);
  const [kept] = media ? store.mediaEmbeddings(media.id, revision) : [];
  if (!media || !kept) throw new Error(`${file} was not indexed.`);
  return { mediaId: media.id, embedding: kept.embedding, tokens: store.tokens(kept.clip.id) };
}
