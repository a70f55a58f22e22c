import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ExactIndex } from '../../../electron/engine/vectors/exact.ts';
import { HnswIndex } from '../../../electron/engine/vectors/hnsw.ts';
import { clustered } from './clusters.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tubelet-hnsw-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the graph', () => {
  test('finds at least 95 of 100 true neighbours, at the similarities of the exact scan', () => {
    const make = clustered(64, 40, 1, 3);
    const exact = new ExactIndex(64);
    const graph = HnswIndex.empty(64, 10);
    for (let id = 1; id <= 3000; id++) {
      const vector = make();
      exact.add(id, vector);
      graph.add(id, vector);
    }
    let hits = 0;
    for (let n = 0; n < 30; n++) {
      const query = make();
      const truth = new Map(exact.search(query, 10).map(({ id, similarity }) => [id, similarity]));
      for (const { id, similarity } of graph.search(query, 10)) {
        const true_ = truth.get(id);
        if (true_ === undefined) continue;
        hits++;
        expect(similarity).toBeCloseTo(true_, 4);
      }
    }
    expect(hits / 300).toBeGreaterThanOrEqual(0.95);
  });

  test('never returns a removed vector, and takes an id back that comes again', () => {
    const make = clustered(16, 4, 1, 5);
    const graph = HnswIndex.empty(16);
    const vectors = Array.from({ length: 200 }, make);
    vectors.forEach((vector, id) => {
      graph.add(id, vector);
    });
    for (let id = 0; id < 200; id += 2) graph.remove(id);
    expect(graph.size).toBe(100);
    expect(graph.deadNodes).toBe(100);
    const query = vectors[4]!;
    expect(graph.search(query, 100).every(({ id }) => id % 2 === 1)).toBe(true);

    graph.add(4, query);
    expect(graph.search(query, 1)).toEqual([{ id: 4, similarity: expect.closeTo(1, 4) as number }]);
    expect(graph.deadNodes).toBe(99);
  });

  test('asked for more than it holds, gives what it holds', () => {
    const graph = HnswIndex.empty(4);
    expect(graph.search(Float32Array.of(1, 0, 0, 0), 5)).toEqual([]);
    graph.add(9, Float32Array.of(1, 0, 0, 0));
    expect(graph.search(Float32Array.of(1, 0, 0, 0), 5).map(({ id }) => id)).toEqual([9]);
  });

  test('reads back what it wrote', async () => {
    const make = clustered(16, 4, 1, 9);
    const graph = HnswIndex.empty(16);
    for (let id = 1; id <= 300; id++) graph.add(id, make());
    const file = path.join(folder, 'graph');
    await graph.write(file);
    const again = await HnswIndex.read(file, 16);
    const query = make();
    expect(again.size).toBe(300);
    expect(again.search(query, 10)).toEqual(graph.search(query, 10));
    expect(again.vector(7)).toEqual(graph.vector(7));
  });

  test('says which file it could not read', async () => {
    const file = path.join(folder, 'absent');
    await expect(HnswIndex.read(file, 16)).rejects.toMatchObject({ code: 'library-damaged', path: file });
  });
});
