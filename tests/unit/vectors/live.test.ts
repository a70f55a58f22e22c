import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCache } from '../../../electron/engine/vectors/cache.ts';
import {
  openVectors,
  type EmbeddingSource,
  type LiveVectors,
} from '../../../electron/engine/vectors/live.ts';
import { clustered } from './clusters.ts';

const DIMENSION = 32;
const CROSSOVER = 400;

/** A source in memory: the part of the store that the vectors read. */
class Rows implements EmbeddingSource {
  readonly rows = new Map<number, { mediaId: number; embedding: Float32Array }>();
  readonly #make = clustered(DIMENSION, 20, 1, 11);
  #generation = 0;
  #next = 1;

  insert(count: number, mediaId = 1): void {
    for (let i = 0; i < count; i++) this.rows.set(this.#next++, { mediaId, embedding: this.#make() });
    this.#generation++;
  }

  delete(mediaId: number): void {
    for (const [id, row] of this.rows) if (row.mediaId === mediaId) this.rows.delete(id);
    this.#generation++;
  }

  query(): Float32Array {
    return this.#make();
  }

  *embeddings(
    _revision: string,
    afterId = 0,
  ): IterableIterator<{ id: number; mediaId: number; embedding: Float32Array }> {
    for (const [id, row] of this.rows) if (id > afterId) yield { id, ...row };
  }

  clipCount(): number {
    return this.rows.size;
  }

  clipGeneration(): number {
    return this.#generation;
  }
}

let folder: string;
let opened: LiveVectors[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tubelet-vectors-'));
  opened = [];
});
afterEach(async () => {
  for (const vectors of opened) await vectors.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(source: EmbeddingSource, packRevision = 'r1'): LiveVectors {
  const vectors = openVectors({
    source,
    packRevision,
    dimension: DIMENSION,
    directory: folder,
    crossover: CROSSOVER,
  });
  opened.push(vectors);
  return vectors;
}

async function graphOver(source: Rows): Promise<LiveVectors> {
  const vectors = open(source);
  await vectors.refresh();
  await vectors.settled();
  expect(vectors.answeredBy).toBe('graph');
  return vectors;
}

describe('the live vectors', () => {
  test('follow the store: new clips are found, removed ones are not', async () => {
    const source = new Rows();
    source.insert(50, 1);
    const vectors = open(source);
    await vectors.refresh();
    expect(vectors.size).toBe(50);
    source.insert(30, 2);
    source.delete(1);
    await vectors.refresh();
    expect(vectors.size).toBe(30);
    expect(vectors.search(source.query(), 100).every(({ id }) => vectors.mediaOf(id) === 2)).toBe(true);
    expect(vectors.answeredBy).toBe('exact');
  });

  test('read each row once, however slowly they come', async () => {
    const source = new Rows();
    source.insert(40);
    let read = 0;
    const slow: EmbeddingSource = {
      *embeddings(revision, afterId) {
        for (const row of source.embeddings(revision, afterId)) {
          // Longer than what is done at a stretch.
          for (const until = performance.now() + 2; performance.now() < until;);
          read += 1;
          yield row;
        }
      },
      clipCount: () => source.clipCount(),
      clipGeneration: () => source.clipGeneration(),
    };
    const vectors = open(slow);
    await vectors.refresh();
    expect([read, vectors.size]).toEqual([40, 40]);
  });

  test('answer exactly while the graph is being built, then from the graph', async () => {
    const source = new Rows();
    source.insert(CROSSOVER + 100);
    const vectors = open(source);
    await vectors.refresh();
    const query = source.query();
    const before = vectors.search(query, 10);
    expect(vectors.answeredBy).toBe('exact-while-building');
    expect(before).toEqual(vectors.searchExactly(query, 10));
    await vectors.settled();
    expect(vectors.answeredBy).toBe('graph');
    expect(vectors.search(query, 10)).toEqual(before);
  });

  test('with a graph, find clips that came or went a moment ago', async () => {
    const source = new Rows();
    source.insert(CROSSOVER, 1);
    source.insert(20, 2);
    const vectors = await graphOver(source);
    source.delete(2);
    source.insert(5, 3);
    await vectors.refresh();
    const [id, fresh] = [...source.rows].at(-1)!;
    expect(vectors.search(fresh.embedding, 1)[0]?.id).toBe(id);
    expect(vectors.search(source.query(), 500).some((found) => vectors.mediaOf(found.id) === 2)).toBe(false);
  });

  test('with a graph, a narrow filter still finds all that it admits', async () => {
    const source = new Rows();
    source.insert(CROSSOVER, 1);
    source.insert(3, 2);
    const vectors = await graphOver(source);
    expect(vectors.search(source.query(), 10, (id) => vectors.mediaOf(id) === 2)).toHaveLength(3);
  });

  test('read the graph from its cache the next time', async () => {
    const source = new Rows();
    source.insert(CROSSOVER + 50);
    const query = source.query();
    const found = (await graphOver(source)).search(query, 20);
    expect((await readCache(folder, 'r1', DIMENSION)).reason).toBeNull();
    source.insert(10);
    const again = await graphOver(source);
    expect(again.size).toBe(CROSSOVER + 60);
    expect(again.search(query, 30).map(({ id }) => id)).toEqual(
      expect.arrayContaining(found.slice(0, 10).map(({ id }) => id)),
    );
  });

  test.each([
    [
      'a truncated graph',
      (): void => {
        truncateSync(path.join(folder, 'vectors.hnsw'), 100);
      },
      /size/,
    ],
    [
      'an altered graph',
      (): void => {
        const bytes = readFileSync(path.join(folder, 'vectors.hnsw'));
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        writeFileSync(path.join(folder, 'vectors.hnsw'), bytes);
      },
      /checksum/,
    ],
    [
      'a sidecar that is not JSON',
      (): void => {
        writeFileSync(path.join(folder, 'vectors.hnsw.json'), '{');
      },
      /JSON/,
    ],
    [
      'a missing graph',
      (): void => {
        rmSync(path.join(folder, 'vectors.hnsw'));
      },
      /ENOENT/,
    ],
  ])('build the graph anew over %s', async (_name, damage, reason) => {
    const source = new Rows();
    source.insert(CROSSOVER + 1);
    await graphOver(source);
    damage();
    expect((await readCache(folder, 'r1', DIMENSION)).reason).toMatch(reason);
    const again = await graphOver(source);
    const query = source.query();
    expect(again.search(query, 10)).toEqual(again.searchExactly(query, 10));
    expect((await readCache(folder, 'r1', DIMENSION)).reason).toBeNull();
  });

  test('do not believe the cache of another pack revision, nor of another library', async () => {
    const source = new Rows();
    source.insert(CROSSOVER + 1);
    await graphOver(source);
    expect((await readCache(folder, 'r2', DIMENSION)).reason).toMatch(/revision/);

    const other = new Rows();
    other.query();
    other.insert(CROSSOVER + 1);
    const vectors = await graphOver(other);
    const query = other.query();
    expect(vectors.search(query, 5)).toEqual(vectors.searchExactly(query, 5));
  });

  test('go on without a cache where it cannot be written, and say why', async () => {
    const source = new Rows();
    source.insert(CROSSOVER + 1);
    writeFileSync(path.join(folder, 'a file'), '');
    const vectors = openVectors({
      source,
      packRevision: 'r1',
      dimension: DIMENSION,
      directory: path.join(folder, 'a file', 'vectors'),
      crossover: CROSSOVER,
    });
    opened.push(vectors);
    await vectors.refresh();
    await vectors.settled();
    expect(vectors.answeredBy).toBe('graph');
    expect(vectors.problem?.path).toContain('a file');
    expect(vectors.search(source.query(), 5)).toHaveLength(5);
  });

  test('let others have their turn while the graph is being built', async () => {
    const source = new Rows();
    source.insert(3000);
    const vectors = open(source);
    await vectors.refresh();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await vectors.settled();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
