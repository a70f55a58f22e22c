import { expect, test } from 'vitest';
import { Background } from '../../../electron/engine/search/background.ts';
import { openVectors, type EmbeddingSource } from '../../../electron/engine/vectors/live.ts';
import { clustered } from '../vectors/clusters.ts';

const DIMENSION = 16;

/** A library whose clips come and go. */
class Clips implements EmbeddingSource {
  readonly ids = new Set<number>();
  readonly #make = clustered(DIMENSION, 8, 1, 5);
  #generation = 0;

  change(change: (ids: Set<number>) => void): void {
    change(this.ids);
    this.#generation += 1;
  }

  *embeddings(
    _revision: string,
    afterId = 0,
  ): IterableIterator<{ id: number; mediaId: number; embedding: Float32Array }> {
    for (const id of this.ids) if (id > afterId) yield { id, mediaId: 1, embedding: this.#make() };
  }

  clipCount(): number {
    return this.ids.size;
  }

  clipGeneration(): number {
    return this.#generation;
  }
}

test('what chance scores holds while the library grows by a little, and no longer', async () => {
  const source = new Clips();
  const add = (from: number, to: number): void => {
    source.change((ids) => {
      for (let id = from; id < to; id++) ids.add(id);
    });
  };
  const vectors = openVectors({ source, packRevision: 'r1', dimension: DIMENSION, directory: '/nowhere' });
  const make = clustered(DIMENSION, 4, 1, 7);
  const phrases = Array.from({ length: 8 }, make);
  await vectors.refresh();
  const empty = new Background(vectors, phrases);
  add(1, 1001);
  await vectors.refresh();
  expect(empty.represents()).toBe(false);
  const background = new Background(vectors, phrases);
  add(1001, 1021);
  await vectors.refresh();
  expect(background.represents()).toBe(true);
  add(1021, 1101);
  await vectors.refresh();
  expect(background.represents()).toBe(false);
});

test('as many clips as before but other ones are another library', async () => {
  const source = new Clips();
  source.change((ids) => {
    for (let id = 1; id <= 600; id++) ids.add(id);
  });
  const vectors = openVectors({ source, packRevision: 'r1', dimension: DIMENSION, directory: '/nowhere' });
  await vectors.refresh();
  const background = new Background(vectors, [clustered(DIMENSION, 1, 1, 7)()]);
  source.change((ids) => {
    for (let id = 1; id <= 200; id++) ids.delete(id);
    for (let id = 601; id <= 800; id++) ids.add(id);
  });
  await vectors.refresh();
  expect(vectors.size).toBe(600);
  expect(background.represents()).toBe(false);
});
