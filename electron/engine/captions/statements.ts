/**
 * From what the decoder says of each clip to what is said of the file: clips of one shot that say the same become one
 * statement, and a statement that follows another in its shot says what is new. Pure.
 */
import { sayWhatIsNew, sentenceCase } from './wording.ts';

/** What the decoder said of one clip. */
export interface ClipCaption {
  readonly start: number;
  readonly end: number;
  /** True where a shot begins with this clip. */
  readonly cutBefore: boolean;
  readonly text: string;
  /** The text's embedding, unit length. */
  readonly embedding: Float32Array;
  /** 0 to 1. */
  readonly confidence: number;
  /** The clip's own embedding, unit length; null where it is not known. */
  readonly picture: Float32Array | null;
}

/**
 * Clips of one shot that follow each other and look this alike (cosine) show the same, whatever was said of them. In real
 * films from a fixed camera, clips in which nothing happens lie at 0.95 to 1.00, and those in which somebody comes or
 * goes at 0.60 to 0.92.
 */
const SAME_PICTURE = 0.95;

/** What is said of a stretch of one shot. */
export interface Statement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Of the caption as the decoder wrote it, before it was shortened against the one before. */
  readonly embedding: Float32Array;
  readonly confidence: number;
}

/** Cosine of two vectors of unit length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let at = 0; at < mean.length; at++) mean[at] = (mean[at] ?? 0) + (vector[at] ?? 0);
  const length = Math.hypot(...mean) || 1;
  return mean.map((value) => value / length);
}

/** The caption that says best what its group says: sure of itself, and near the middle of the group. */
function spokesman(group: readonly ClipCaption[]): ClipCaption {
  const middle = meanDirection(group.map(({ embedding }) => embedding));
  const worth = (caption: ClipCaption): number =>
    caption.confidence * (1 + cosine(caption.embedding, middle));
  return group.reduce((best, caption) => (worth(caption) > worth(best) ? caption : best));
}

/**
 * Runs of captions of one shot that say the same (meanings at least `same` alike, each compared with its run's middle), or
 * whose clips look the same.
 */
export function groupByMeaning(captions: readonly ClipCaption[], same: number): ClipCaption[][] {
  const groups: ClipCaption[][] = [];
  for (const caption of captions) {
    const group = groups.at(-1);
    if (
      group !== undefined &&
      !caption.cutBefore &&
      (saysTheSame(group, caption, same) || looksTheSame(group, caption))
    )
      group.push(caption);
    else groups.push([caption]);
  }
  return groups;
}

function saysTheSame(group: readonly ClipCaption[], { embedding }: ClipCaption, same: number): boolean {
  return cosine(meanDirection(group.map((caption) => caption.embedding)), embedding) >= same;
}

function looksTheSame(group: readonly ClipCaption[], { picture }: ClipCaption): boolean {
  const before = group.at(-1)?.picture ?? null;
  return before !== null && picture !== null && cosine(before, picture) >= SAME_PICTURE;
}

/** The statements of a file from its clips' captions, which are in time order; captions without words say nothing. */
export function stateMeaning(captions: readonly ClipCaption[], same: number): Statement[] {
  let previous: string | null = null;
  return groupByMeaning(captions, same).flatMap((group) => {
    const first = group[0];
    const last = group.at(-1);
    if (!first || !last) return [];
    const said = spokesman(group);
    const text = said.text.trim();
    if (first.cutBefore) previous = null;
    if (text === '') return [];
    const worded = previous === null ? text : sayWhatIsNew(previous, text);
    previous = text;
    const confidence = group.reduce((sum, caption) => sum + caption.confidence, 0) / group.length;
    return [
      {
        start: first.start,
        end: last.end,
        text: sentenceCase(worded),
        embedding: said.embedding,
        confidence,
      },
    ];
  });
}
