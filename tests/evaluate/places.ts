/** Which of YOLOX's classes are in held-out photographs, and where. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Store } from '../../electron/engine/library/types.ts';
import { seeded } from '../unit/vectors/clusters.ts';
import { wordsOf } from './caption-questions.ts';
import { counting, SEED, type Evaluation } from './evaluation.ts';
import type { IndexedPhotograph } from './held-out.ts';
import { Yolox, type Detection } from './yolox.ts';

/** The least score of a box that counts. */
export const FLOOR = 0.35;
/** A class whose best box scores less, and which no caption names, is taken not to be there. */
const CEILING = 0.1;

/** "an apple" */
export const withArticle = (kind: string): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;

/**
 * Boxes of photographs by file. The detector has nothing to do with the pack, so what it found is kept in the working
 * folder for the next time.
 */
export async function boxesOf(
  evaluation: Evaluation,
  store: Store,
  photographs: readonly IndexedPhotograph[],
): Promise<ReadonlyMap<string, readonly Detection[]>> {
  const kept = path.join(evaluation.work, 'boxes.json');
  const known = existsSync(kept)
    ? (JSON.parse(readFileSync(kept, 'utf8')) as [string, readonly Detection[]][])
    : [];
  const boxes = new Map(known);
  const missing = photographs.filter(({ file }) => !boxes.has(file));
  if (missing.length === 0) return boxes;
  const yolox = await Yolox.open(path.join(evaluation.data, 'yolox-nano'));
  const tell = counting('photographs looked at by the detector', missing.length);
  try {
    for (const [turn, { file, mediaId, path: picture }] of missing.entries()) {
      const { width = 1, height = 1 } = store.media(mediaId)?.facts ?? {};
      boxes.set(file, await yolox.detect(picture, width, height, CEILING));
      tell(turn + 1);
    }
  } finally {
    await yolox.close();
  }
  writeFileSync(kept, JSON.stringify([...boxes]));
  return boxes;
}

/** Classes to look for in a photograph: those that are there, and as many that are not. */
export interface PlacesAsked {
  readonly photograph: IndexedPhotograph;
  readonly present: readonly string[];
  readonly absent: readonly string[];
}

/**
 * For each class that is there, one that is not, drawn from those of all photographs: so each class is asked for where it
 * is about as often as where it is not, and knowing the class alone tells nothing.
 */
export function placesAsked(
  photographs: readonly IndexedPhotograph[],
  boxes: ReadonlyMap<string, readonly Detection[]>,
): PlacesAsked[] {
  const random = seeded(SEED);
  const found = photographs.map((photograph) => boxes.get(photograph.file) ?? []);
  const present = found.map((some) => [
    ...new Set(some.filter(({ score }) => score >= FLOOR).map(({ kind }) => kind)),
  ]);
  const pool = present.flat();
  return photographs.map((photograph, index) => {
    const seen = new Set(found[index]!.map(({ kind }) => kind));
    const said = new Set(photograph.captions.flatMap(wordsOf));
    const named = (kind: string): boolean => kind.split(' ').some((word) => said.has(word));
    const absent = new Set<string>();
    for (let draws = 0; draws < pool.length && absent.size < present[index]!.length; draws++) {
      const kind = pool[Math.floor(random() * pool.length)];
      // People are named in too many ways for their absence to be told from captions: the detector alone decides.
      if (kind !== undefined && !seen.has(kind) && !named(kind)) absent.add(kind);
    }
    return { photograph, present: present[index]!, absent: [...absent] };
  });
}
