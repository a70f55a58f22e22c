import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { TubeletError } from '../../engine/errors.ts';
import type { MediaRow } from '../../engine/library/types.ts';

/** The file of the library that a path on the command line means, whether or not the file itself is still there. */
export function findMedia(engine: Engine, path: string): MediaRow | undefined {
  const given = resolve(path);
  const direct = engine.store.mediaByPath(given);
  if (direct !== undefined || !existsSync(given)) return direct;
  return engine.store.mediaByPath(realpathSync(given));
}

/** As `findMedia`. @throws TubeletError `not-found` that says how to get the file into the library. */
export function mediaAt(engine: Engine, path: string): MediaRow {
  const media = findMedia(engine, path);
  if (media !== undefined) return media;
  throw new TubeletError('not-found', 'This file is not in the library.', {
    path: resolve(path),
    hint: existsSync(path)
      ? `Index it first: tubelet index ${JSON.stringify(path)}`
      : 'Check the spelling of the path.',
  });
}

/** The one path that a command wants. @throws TubeletError `usage` where there is none or more than one. */
export function onePath(positionals: readonly string[], example: string): string {
  const [path, ...more] = positionals;
  if (path === undefined) throw new TubeletError('usage', 'Which file?', { hint: `Example: ${example}` });
  if (more.length > 0) {
    throw new TubeletError('usage', 'One file at a time.', { hint: 'Put quotes around a path with spaces.' });
  }
  return path;
}
