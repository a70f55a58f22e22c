import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

interface Size {
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** Bytes of the built page by kind of file, as they lie on the disk and as gzip makes them. */
export async function bundleSize(folder: string): Promise<Record<string, Size>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes: Record<string, Size> = { all: { bytes: 0, gzipBytes: 0 } };
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const content = await readFile(path.join(entry.parentPath, entry.name));
    const size = { bytes: content.byteLength, gzipBytes: gzipSync(content).byteLength };
    for (const kind of ['all', path.extname(entry.name).slice(1)]) sizes[kind] = sum(sizes[kind], size);
  }
  return sizes;
}

function sum(a: Size | undefined, b: Size): Size {
  return { bytes: (a?.bytes ?? 0) + b.bytes, gzipBytes: (a?.gzipBytes ?? 0) + b.gzipBytes };
}
