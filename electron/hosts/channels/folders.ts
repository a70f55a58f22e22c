import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { ReplyOf } from '../../engine/api/channels.ts';
import { TubeletError } from '../../engine/errors.ts';
import { kindOfName } from '../../engine/library/formats.ts';

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * The folders inside a folder (the home folder at first), for choosing one where the host has no dialog of its own.
 * Hidden ones are left out. Says how many videos and images lie directly inside; opens none of them.
 *
 * @throws TubeletError `not-found`, `unreadable`, or `usage` for a path that is not absolute.
 */
export async function listFolders(path: string | null): Promise<ReplyOf<'folders.list'>> {
  if (path !== null && !isAbsolute(path))
    throw new TubeletError('usage', 'The folder must be a full path.', { path });
  const folder = resolve(path ?? homedir());
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const folders: { name: string; path: string }[] = [];
    let files = 0;
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const inside = join(folder, entry.name);
      if (entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(inside)))) {
        folders.push({ name: entry.name, path: inside });
      } else if (entry.isFile() && kindOfName(entry.name) !== null) files++;
    }
    folders.sort((a, b) => byName.compare(a.name, b.name));
    const parent = dirname(folder);
    return { path: folder, parent: parent === folder ? null : parent, folders, files };
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new TubeletError(
      gone ? 'not-found' : 'unreadable',
      gone ? 'There is no such folder.' : 'The folder cannot be read.',
      {
        path: folder,
        hint: gone ? 'Go up and choose another.' : 'Check that you may open it.',
        cause: error,
      },
    );
  }
}

/** A link that leads nowhere leads to no folder. */
async function leadsToFolder(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return false;
  }
}
