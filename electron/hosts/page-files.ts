import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { TubeletError } from '../engine/errors.ts';
import { pageContentType } from './media/content-type.ts';

/** One file of the built page. */
export interface PageFile {
  readonly content: Buffer;
  readonly contentType: string;
  /** True for files whose name carries a hash of their content: they never change. */
  readonly immutable: boolean;
}

const PLAIN_PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/**
 * Reads a file of the built page by the path of its address; `/` is `index.html`. Parts of the path are plain names
 * only: dots, percent signs, backslashes and empty parts never reach the file system. What is read must truly lie in
 * the folder. Undefined where there is no such file.
 */
export async function readPageFile(directory: string, path: string): Promise<PageFile | undefined> {
  const parts = path === '/' ? ['index.html'] : path.slice(1).split('/');
  if (!path.startsWith('/') || !parts.every((part) => PLAIN_PART.test(part) && !part.includes('..')))
    return undefined;
  const contentType = pageContentType(parts.at(-1) ?? '');
  if (contentType === undefined) return undefined;
  try {
    const root = await realpath(directory);
    const file = await realpath(join(root, ...parts));
    if (!file.startsWith(root + sep)) return undefined;
    return { content: await readFile(file), contentType, immutable: parts[0] === 'assets' };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw new TubeletError('unreadable', 'A file of the page could not be read.', { path, cause: error });
  }
}
