import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dot, unit } from '../../../electron/engine/vectors/dot.ts';
import { ExactIndex } from '../../../electron/engine/vectors/exact.ts';
import { Nearest } from '../../../electron/engine/vectors/nearest.ts';
import { clustered } from './clusters.ts';

describe('the exact index', () => {
  test('agrees with a naive sort, also after removals and replacements', () => {
    const make = clustered(19, 5, 1, 7);
    const index = new ExactIndex(19);
    const truth = new Map<number, Float32Array>();
    for (let id = 1; id <= 5000; id++) {
      const vector = make();
      index.add(id, vector);
      truth.set(id, vector);
    }
    for (let id = 3; id <= 5000; id += 7) {
      index.remove(id);
      truth.delete(id);
    }
    const replaced = make();
    index.add(10, replaced);
    truth.set(10, replaced);

    const query = make();
    const expected = [...truth]
      .map(([id, vector]) => ({ id, similarity: dot(query, vector) }))
      .sort((a, b) => b.similarity - a.similarity || a.id - b.id)
      .slice(0, 25);
    expect(index.size).toBe(truth.size);
    expect(index.search(query, 25)).toEqual(expected);
    expect(index.vector(10)).toEqual(replaced);
    expect(index.vector(3)).toBeUndefined();
  });

  test('leaves out what the filter does not accept', () => {
    const make = clustered(8, 2, 1, 1);
    const index = new ExactIndex(8);
    for (let id = 1; id <= 100; id++) index.add(id, make());
    const found = index.search(make(), 100, (id) => id % 3 === 0);
    expect(found).toHaveLength(33);
    expect(found.every(({ id }) => id % 3 === 0)).toBe(true);
  });

  test('keeps the mean of what it holds', () => {
    const index = new ExactIndex(2);
    expect([...index.mean()]).toEqual([0, 0]);
    index.add(1, Float32Array.of(1, 0));
    index.add(2, Float32Array.of(0, 1));
    index.add(3, Float32Array.of(0, 1));
    index.remove(3);
    expect([...index.mean()]).toEqual([0.5, 0.5]);
  });

  test('refuses a vector of another dimension', () => {
    expect(() => {
      new ExactIndex(4).add(1, new Float32Array(3));
    }).toThrow(/3 floats cannot join an index of 4/);
  });

  test('answers an empty library with nothing', () => {
    expect(new ExactIndex(4).search(new Float32Array(4), 10)).toEqual([]);
  });
});

describe('the heap of the nearest', () => {
  test('keeps exactly the best of any stream, ties by id', () => {
    const scored = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: -5, max: 5 })));
    fc.assert(
      fc.property(scored, fc.integer({ min: 0, max: 20 }), (stream, count) => {
        const unique = [...new Map(stream).entries()];
        const nearest = new Nearest(count);
        for (const [id, similarity] of unique) nearest.offer(id, similarity);
        const expected = unique
          .map(([id, similarity]) => ({ id, similarity }))
          .sort((a, b) => b.similarity - a.similarity || a.id - b.id)
          .slice(0, count);
        expect(nearest.list()).toEqual(expected);
      }),
    );
  });
});

test('a unit vector has length 1, and nothing stays nothing', () => {
  const vector = unit(Float32Array.of(3, 4, 0, 0, 0));
  expect(dot(vector, vector)).toBeCloseTo(1, 6);
  expect([...unit(new Float32Array(3))]).toEqual([0, 0, 0]);
});
