import type { Store } from '../library/types.ts';

/** A stretch of a file, in seconds, where a person took the model's caption away: it stays away. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const key = (mediaId: number): string => `captions.removed.${mediaId}`;

const isStretch = (value: unknown): value is Stretch =>
  typeof value === 'object' &&
  value !== null &&
  'start' in value &&
  typeof value.start === 'number' &&
  'end' in value &&
  typeof value.end === 'number';

/** Where the model is to say nothing any more. */
export function removedStretches(store: Store, mediaId: number): Stretch[] {
  const kept = store.setting(key(mediaId));
  return Array.isArray(kept) ? kept.filter(isStretch) : [];
}

/** Replaces the stretches of a file. */
export function keepRemoved(store: Store, mediaId: number, stretches: readonly Stretch[]): void {
  store.setSetting(key(mediaId), stretches);
}
