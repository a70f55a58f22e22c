import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { IndexStore } from './types.ts';

/** Folder of all thumbnail sheets inside a library folder. */
export function thumbnailRoot(library: string): string {
  return join(library, 'thumbnails');
}

/** Folder of one file's sheets. It goes by content, so that a moved file keeps them and copies share them. */
export function thumbnailFolder(library: string, fingerprint: string): string {
  return join(thumbnailRoot(library), fingerprint);
}

/** Deletes the sheets of content that no file of the library has any more; returns how many files' sheets went. */
export async function sweepThumbnails(store: IndexStore): Promise<number> {
  const root = thumbnailRoot(store.directory);
  let names: string[];
  try {
    names = await readdir(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  const orphans = names.filter((name) => store.mediaByFingerprint(name).length === 0);
  for (const name of orphans) await rm(join(root, name), { recursive: true, force: true });
  return orphans.length;
}
