/**
 * The graph's file as a cache that can be thrown away. Two files in the library folder:
 *
 *   vectors.hnsw       what hnswlib writes; it records neither dimension nor metric and has no checksum
 *   vectors.hnsw.json  the sidecar below, which does
 *
 * Each is written to a temporary file, flushed to the disk and renamed, the sidecar last. Whatever interrupts that
 * leaves a sidecar that does not fit its graph, and what does not fit is built anew.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { HnswIndex } from './hnsw.ts';

const FORMAT = 1;
const GRAPH_FILE = 'vectors.hnsw';
const SIDECAR_FILE = 'vectors.hnsw.json';

const sidecarSchema = z.object({
  format: z.literal(FORMAT),
  packRevision: z.string(),
  dimension: z.int().positive(),
  metric: z.literal('inner-product'),
  /** Vectors in the graph, none of them deleted. */
  count: z.int().nonnegative(),
  highestId: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  sha256: z.string(),
});
type Sidecar = z.infer<typeof sidecarSchema>;

/** A graph from the cache, or the reason why there is none. */
export type CacheReading =
  { readonly graph: HnswIndex; readonly reason: null } | { readonly graph: null; readonly reason: string };

/**
 * Reads the cached graph of `packRevision` from `directory`. Never throws for what it finds there: a cache that is
 * absent, of another pack, cut short or altered is reported with its reason.
 */
export async function readCache(
  directory: string,
  packRevision: string,
  dimension: number,
  signal?: AbortSignal,
): Promise<CacheReading> {
  const graphPath = path.join(directory, GRAPH_FILE);
  try {
    const sidecar = sidecarSchema.parse(
      JSON.parse(await readFile(path.join(directory, SIDECAR_FILE), 'utf8')),
    );
    if (sidecar.packRevision !== packRevision) return refuse('it belongs to another model pack revision');
    if (sidecar.dimension !== dimension) return refuse('its vectors have another dimension');
    if ((await stat(graphPath)).size !== sidecar.bytes) return refuse('its size is not the recorded one');
    if ((await sha256(graphPath, signal)) !== sidecar.sha256)
      return refuse('its checksum is not the recorded one');
    const graph = await HnswIndex.read(graphPath, dimension);
    if (graph.size !== sidecar.count) return refuse('it does not hold the recorded number of vectors');
    return { graph, reason: null };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Writes the graph and its sidecar, and makes the folder where it is not there yet. The graph must have no dead nodes: the file would not tell which ones they are.
 * Throws the file system's error, for example on a full disk, and then leaves no temporary file behind.
 */
export async function writeCache(directory: string, packRevision: string, graph: HnswIndex): Promise<void> {
  await mkdir(directory, { recursive: true });
  let highestId = 0;
  for (const id of graph.ids()) highestId = Math.max(highestId, id);
  const count = graph.size;
  const graphPath = path.join(directory, GRAPH_FILE);
  const sidecar = await replaceFile(graphPath, async (temporary): Promise<Sidecar> => {
    await graph.write(temporary);
    return {
      format: FORMAT,
      packRevision,
      dimension: graph.dimension,
      metric: 'inner-product',
      count,
      highestId,
      bytes: (await stat(temporary)).size,
      sha256: await sha256(temporary),
    };
  });
  await replaceFile(path.join(directory, SIDECAR_FILE), async (temporary) => {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(`${JSON.stringify(sidecar, null, 2)}\n`);
    } finally {
      await file.close();
    }
  });
}

/** Lets `write` fill a temporary file beside `target`, flushes it and puts it in the target's place in one step. */
async function replaceFile<T>(target: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    const result = await write(temporary);
    await flush(temporary, 'r+');
    await rename(temporary, target);
    // A folder cannot be opened on Windows; NTFS keeps the order of its own records there.
    if (process.platform !== 'win32') await flush(path.dirname(target), 'r');
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function flush(target: string, mode: 'r' | 'r+'): Promise<void> {
  const handle = await open(target, mode);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sha256(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(
    createReadStream(file, { highWaterMark: 1 << 20 }),
    hash,
    signal === undefined ? {} : { signal },
  );
  return hash.digest('hex');
}

function refuse(reason: string): CacheReading {
  return { graph: null, reason };
}
