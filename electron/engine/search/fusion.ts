import { WEAK } from './calibration.ts';
import type { Stretch } from './moments.ts';
import type { Spoken } from './words.ts';

/** Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): a rank r is worth weight / (K + r). */
const K = 60;
/** What a rank among the seen and among the said counts for; `npm run evaluate -- words` tries others. */
export const WEIGHTS = { seen: 1, said: 0.25 } as const;

/** A stretch with the words that belong to it, where there are some. */
export type Fused = Stretch & { readonly words?: string };

/**
 * One ranking of what is seen and what is said. Stretches of one file that overlap are one; it is there by chance only
 * if both are, so its strength is 1 - (1 - seen)(1 - said). Where words were found, what is merely the nearest miss to
 * the eye has no rank.
 */
export function fuse(
  seen: readonly Stretch[],
  spoken: readonly Spoken[],
  limit: number,
  weights: { readonly seen: number; readonly said: number } = WEIGHTS,
): Fused[] {
  if (spoken.length === 0) return seen.slice(0, limit);
  const ranked: { fused: Fused; worth: number }[] = seen
    .filter((stretch) => stretch.strength >= WEAK)
    .map((stretch, rank) => ({ fused: stretch, worth: weights.seen / (K + rank + 1) }));
  spoken.forEach((said, rank) => {
    const worth = weights.said / (K + rank + 1);
    const same = ranked.find(({ fused }) => overlap(fused, said));
    if (same === undefined) {
      ranked.push({ fused: said, worth });
    } else if (same.fused.words === undefined) {
      same.fused = {
        ...same.fused,
        strength: 1 - (1 - same.fused.strength) * (1 - said.strength),
        words: said.words,
      };
      same.worth += worth;
    }
  });
  return ranked
    .sort((a, b) => b.worth - a.worth || b.fused.strength - a.fused.strength)
    .slice(0, limit)
    .map(({ fused }) => fused);
}

/** True where two stretches of one file share time, or begin together (a photograph has no length). */
function overlap(a: Stretch, b: Stretch): boolean {
  return a.mediaId === b.mediaId && (a.start === b.start || (a.start < b.end && b.start < a.end));
}
