import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestOf } from '../../engine/api/channels.ts';
import type { Engine } from '../../engine/engine.ts';
import type { SearchReply } from '../../engine/search/types.ts';

/**
 * Moments that look like a picture from outside the library. Its bytes lie in a file of their own while ffmpeg reads
 * them, under a name that says nothing.
 *
 * @throws TubeletError where the bytes are no picture.
 */
export async function searchPicture(
  engine: Engine,
  { base64, limit }: RequestOf<'search.image'>,
  signal: AbortSignal,
): Promise<SearchReply> {
  const folder = await mkdtemp(join(tmpdir(), 'tubelet-picture-'));
  try {
    const path = join(folder, 'picture');
    await writeFile(path, Buffer.from(base64, 'base64'), { mode: 0o600 });
    const embedding = await engine.embedPicture(path, signal);
    return await (await engine.searcher()).similarTo({ embedding }, { limit });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
