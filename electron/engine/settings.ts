import { z } from 'zod';
import { settings as shape } from './api/shapes.ts';
import type { Store } from './library/types.ts';

/** What a person can set; kept in the library. */
export type Settings = z.infer<typeof shape>;

const KEY = 'settings';

/** The settings of someone who never set anything. */
export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  mode: 'thorough',
  watch: true,
  pack: 'mammut-ti',
  ffmpegPath: null,
  ffprobePath: null,
};

/** The library's settings; one that is not understood (from another version) counts as never set. */
export function readSettings(store: Store): Settings {
  const kept = z.record(z.string(), z.unknown()).catch({}).parse(store.setting(KEY));
  const understood = Object.entries(kept).filter(
    ([name, value]) =>
      shape
        .partial()
        .strict()
        .safeParse({ [name]: value }).success,
  );
  return shape.parse({ ...DEFAULT_SETTINGS, ...Object.fromEntries(understood) });
}

/** Changes some settings and returns all. */
export function writeSettings(store: Store, change: Partial<Settings>): Settings {
  const after = shape.parse({ ...readSettings(store), ...change });
  store.setSetting(KEY, after);
  return after;
}
