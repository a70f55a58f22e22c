import type { Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TubeletError, type ErrorReport } from '../errors.ts';
import { kindOfName } from './formats.ts';

/** A file as the walk meets it, before its content is looked at. */
export interface WalkedFile {
  readonly path: string;
  readonly kind: 'video' | 'image';
  readonly bytes: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
}

/** What a walk found, in the order of the paths, and what it could not read. */
export interface Walk {
  readonly files: readonly WalkedFile[];
  /** Folders and files that could not be read, each with its reason: reported, never fatal. */
  readonly problems: readonly (ErrorReport & { readonly path: string })[];
}

/**
 * Finds the videos and images below a folder, or takes a single file as it is, whatever its name. Hidden names are left
 * out, and so are symbolic links: one that leads out of the folder would widen what the person gave, one that stays
 * inside would only find a file twice.
 *
 * @param except folders that are passed over (the library's own: it is full of thumbnails)
 * @throws TubeletError `not-found` where the path itself does not exist, `unreadable` where it cannot be looked at.
 */
export async function walk(path: string, except: readonly string[], signal?: AbortSignal): Promise<Walk> {
  const files: WalkedFile[] = [];
  const problems: (ErrorReport & { path: string })[] = [];
  const start = await lookAt(path);
  if (start.isFile()) {
    files.push(walkedFile(path, kindOfName(path) ?? 'video', start));
    return { files, problems };
  }
  if (!start.isDirectory()) {
    throw new TubeletError('unreadable', 'This is neither a file nor a folder.', {
      path,
      hint: 'Give a video, an image or a folder of them.',
    });
  }
  const visit = async (folder: string): Promise<void> => {
    signal?.throwIfAborted();
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) {
        const inside = join(folder, entry.name);
        if (entry.name.startsWith('.') || except.includes(inside)) continue;
        if (entry.isDirectory()) await visit(inside);
        else if (entry.isFile()) await meet(inside);
      }
    } catch (error) {
      signal?.throwIfAborted();
      problems.push(problemOf(error, folder));
    }
  };
  const meet = async (file: string): Promise<void> => {
    const kind = kindOfName(file);
    if (kind === null) return;
    try {
      files.push(walkedFile(file, kind, await lstat(file)));
    } catch (error) {
      problems.push(problemOf(error, file));
    }
  };
  await visit(path);
  return { files, problems };
}

/** What could not be read of a folder or file, in words. */
export function problemOf(error: unknown, path: string): ErrorReport & { path: string } {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      code: 'unreadable',
      message: 'There is no permission to read this.',
      path,
      hint: 'Change its permissions, then index it again.',
    };
  }
  if (code === 'ENOENT') {
    return {
      code: 'not-found',
      message: 'There is nothing at this path.',
      path,
      hint: 'Check the spelling of the path.',
    };
  }
  return {
    code: 'unreadable',
    message: `This cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    path,
    hint: 'Check the disk that it lies on, then index it again.',
  };
}

async function lookAt(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    const { code, message, hint } = problemOf(error, path);
    throw new TubeletError(code, message, { path, cause: error, ...(hint === undefined ? {} : { hint }) });
  }
}

function walkedFile(path: string, kind: 'video' | 'image', facts: { size: number; mtime: Date }): WalkedFile {
  return { path, kind, bytes: facts.size, modifiedAt: facts.mtime.toISOString() };
}
