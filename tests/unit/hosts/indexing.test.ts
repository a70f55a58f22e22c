import { describe, expect, it } from 'vitest';
import type { Work } from '../../../electron/engine/api/shapes.ts';
import { TubeletError } from '../../../electron/engine/errors.ts';
import { Indexing, type IndexingRun } from '../../../electron/hosts/channels/indexing.ts';

/** An indexer that works a queue off when it is told to, one file a step. */
class StepIndexer implements IndexingRun {
  queue: number[];
  failure: Error | null = null;
  paused = false;
  #step = Promise.withResolvers<undefined>();

  constructor(queue: number[]) {
    this.queue = queue;
  }

  async run({ signal, onProgress, onFile }: Parameters<IndexingRun['run']>[0]): Promise<void> {
    const total = this.queue.length;
    signal.addEventListener('abort', () => {
      this.step();
    });
    while (this.queue.length > 0) {
      await this.#step.promise;
      this.#step = Promise.withResolvers();
      if (this.failure !== null) throw this.failure;
      signal.throwIfAborted();
      const mediaId = this.queue.shift()!;
      const path = `/films/${mediaId}.mp4`;
      const filesDone = total - this.queue.length;
      onProgress({
        mediaId,
        path,
        filesDone,
        filesTotal: total,
        fraction: filesDone / total,
        secondsLeft: 1,
        clipsPerSecond: 1,
      });
      onFile({ mediaId, path, state: 'indexed', clips: 1, seconds: 1 });
    }
  }

  step(): void {
    this.#step.resolve(undefined);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}

function indexing(queue: number[]) {
  const indexer = new StepIndexer(queue);
  const told: Work[] = [];
  const files: number[] = [];
  const background = new Indexing({
    indexer: () => Promise.resolve(indexer),
    queued: () => indexer.queue.length,
    dequeueAll: () => {
      indexer.queue = [];
    },
    listeners: {
      onWork: (work) => told.push(work),
      onMedia: () => undefined,
      onFile: ({ mediaId }) => files.push(mediaId),
    },
  });
  return { indexer, background, told, files };
}

/** Lets everything that can go on go on. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('indexing in the background', () => {
  it('does nothing while nothing is queued', () => {
    const { background, told } = indexing([]);
    background.start();
    expect(background.work).toMatchObject({ kind: 'indexing', state: 'idle' });
    expect(told).toEqual([]);
  });

  it('works the queue off and says how far it is', async () => {
    const { indexer, background, told, files } = indexing([1, 2]);
    background.start();
    expect(background.work).toMatchObject({ state: 'running', filesTotal: 2 });
    await settle();
    indexer.step();
    await settle();
    expect(background.work).toMatchObject({ state: 'running', name: '1.mp4', filesDone: 1, fraction: 0.5 });
    indexer.step();
    await settle();
    expect(background.work).toMatchObject({ state: 'idle', filesDone: 2 });
    expect(files).toEqual([1, 2]);
    expect(told.at(-1)).toEqual(background.work);
  });

  it('starts again for what was queued at the last moment', async () => {
    const { indexer, background, files } = indexing([1]);
    background.start();
    await settle();
    indexer.step();
    queueMicrotask(() => indexer.queue.push(2));
    await settle();
    indexer.step();
    await settle();
    expect(files).toEqual([1, 2]);
  });

  it('pauses and resumes', async () => {
    const { indexer, background } = indexing([1]);
    background.start();
    await settle();
    background.pause();
    expect(indexer.paused).toBe(true);
    expect(background.work.state).toBe('paused');
    background.resume();
    expect(indexer.paused).toBe(false);
    expect(background.work.state).toBe('running');
    await background.stop();
  });

  it('cancels, and forgets what was to come', async () => {
    const { indexer, background } = indexing([1, 2]);
    background.start();
    await settle();
    await background.cancel();
    expect(indexer.queue).toEqual([]);
    expect(background.work).toMatchObject({ state: 'idle', filesTotal: 0, error: null });
  });

  it('stops for now without forgetting anything', async () => {
    const { indexer, background } = indexing([1, 2]);
    background.start();
    await settle();
    await background.stop();
    expect(indexer.queue).toEqual([1, 2]);
    expect(background.work.state).toBe('idle');
  });

  it('says why it failed, and tries again when asked', async () => {
    const { indexer, background, files } = indexing([1]);
    indexer.failure = new TubeletError('disk-full', 'The disk is full.', { hint: 'Free some space.' });
    background.start();
    await settle();
    indexer.step();
    await settle();
    expect(background.work).toMatchObject({
      state: 'failed',
      error: { code: 'disk-full', message: 'The disk is full.', hint: 'Free some space.' },
    });
    indexer.failure = null;
    background.resume();
    await settle();
    indexer.step();
    await settle();
    expect(background.work).toMatchObject({ state: 'idle', error: null });
    expect(files).toEqual([1]);
  });
});
