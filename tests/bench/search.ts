import type { EmbeddingSource } from '../../electron/engine/vectors/live.ts';
import { openVectors } from '../../electron/engine/vectors/live.ts';
import type { ClipRow, MediaRow } from '../../electron/engine/library/types.ts';
import type { SearchStore } from '../../electron/engine/search/catalogue.ts';
import { Searcher } from '../../electron/engine/search/searcher.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clustered } from '../unit/vectors/clusters.ts';
import { percentile, progress } from './timing.ts';

const DIMENSION = 256;
const REVISION = 'bench';
const CLIPS_A_FILE = 100;
const SIZES = [10_000, 100_000];
const QUERIES = 100;

/** Whole searches (scoring, calibration, merging) over made libraries in memory, without embedding the query. */
export async function benchSearch(): Promise<object> {
  const results: Record<string, object> = {};
  for (const size of SIZES) results[`${size}`] = await searchOver(size);
  return results;
}

async function searchOver(size: number): Promise<object> {
  const make = clustered(DIMENSION, 2000, 1, 23);
  const library = new MadeLibrary(Array.from({ length: size }, make));
  const directory = mkdtempSync(path.join(tmpdir(), 'tubelet-bench-'));
  const options = { source: library, packRevision: REVISION, dimension: DIMENSION, directory };
  const vectors = openVectors(options);
  const language = { embedTexts: (texts: readonly string[]) => Promise.resolve(texts.map(make)) };
  const searcher = new Searcher({ store: library, language, vectors });
  try {
    await searcher.moments('warm');
    const whileBuilding = vectors.answeredBy === 'exact-while-building' ? await times(searcher, 'new') : null;
    progress(`waiting for the graph of ${size} clips`);
    await vectors.settled();
    const settled = await times(searcher, 'later');
    return {
      answeredBy: vectors.answeredBy,
      milliseconds: settled,
      millisecondsWhileBuilding: whileBuilding,
    };
  } finally {
    await vectors.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function times(searcher: Searcher, name: string): Promise<object> {
  progress(`searching, ${name}`);
  const list: number[] = [];
  for (let query = 0; query < QUERIES; query++) {
    const begun = performance.now();
    await searcher.moments(`${name} ${query}`);
    list.push(performance.now() - begun);
  }
  return { p50: percentile(list, 0.5), p95: percentile(list, 0.95) };
}

/** A library in memory, of files with a hundred clips each. */
class MadeLibrary implements SearchStore, EmbeddingSource {
  readonly #embeddings: readonly Float32Array[];
  readonly #settings = new Map<string, unknown>();

  constructor(embeddings: readonly Float32Array[]) {
    this.#embeddings = embeddings;
  }

  *embeddings(
    _revision: string,
    afterId = 0,
  ): IterableIterator<{ id: number; mediaId: number; embedding: Float32Array }> {
    for (let id = afterId + 1; id <= this.#embeddings.length; id++) {
      yield { id, mediaId: mediaOf(id), embedding: this.#embeddings[id - 1] ?? new Float32Array(DIMENSION) };
    }
  }

  clipCount(): number {
    return this.#embeddings.length;
  }

  clipGeneration(): number {
    return 1;
  }

  media(id: number): MediaRow {
    return {
      id,
      rootId: 1,
      path: `/films/${id}.mp4`,
      fingerprint: `${id}`,
      bytes: 1,
      modifiedAt: '2026-01-01T00:00:00.000Z',
      kind: 'video',
      facts: null,
      state: 'indexed',
      error: null,
      mode: 'thorough',
      packRevision: REVISION,
      clipCount: CLIPS_A_FILE,
      addedAt: '2026-01-01T00:00:00.000Z',
      indexedAt: '2026-01-01T00:00:00.000Z',
    };
  }

  allMedia(): MediaRow[] {
    return Array.from({ length: mediaOf(this.#embeddings.length) }, (_, i) => this.media(i + 1));
  }

  clips(mediaId: number): ClipRow[] {
    return Array.from({ length: CLIPS_A_FILE }, (_, ordinal) => ({
      id: (mediaId - 1) * CLIPS_A_FILE + ordinal + 1,
      mediaId,
      ordinal,
      start: ordinal * 4,
      end: ordinal * 4 + 4,
      cutBefore: false,
      packRevision: REVISION,
    }));
  }

  clipAt(mediaId: number, seconds: number): ClipRow | undefined {
    return this.clips(mediaId)[Math.floor(seconds / 4)];
  }

  tokens(): Float32Array {
    return new Float32Array();
  }

  searchCaptions(): [] {
    return [];
  }

  captionsByPeople(): [] {
    return [];
  }

  peopleWrote(): string {
    return '';
  }

  setting(key: string): unknown {
    return this.#settings.get(key);
  }

  setSetting(key: string, value: unknown): void {
    this.#settings.set(key, value);
  }
}

function mediaOf(clipId: number): number {
  return Math.floor((clipId - 1) / CLIPS_A_FILE) + 1;
}
