import { onTestFinished } from 'vitest';
import type { TextEmbedder } from '../../../electron/engine/search/background.ts';
import { Searcher } from '../../../electron/engine/search/searcher.ts';
import type { CaptionReader } from '../../../electron/engine/search/rereading.ts';
import { dot, unit } from '../../../electron/engine/vectors/dot.ts';
import { openVectors, type LiveVectors } from '../../../electron/engine/vectors/live.ts';
import type { SqliteStore } from '../../../electron/engine/library/store.ts';
import type { MediaRow } from '../../../electron/engine/library/types.ts';
import { gaussian, seeded } from '../../unit/vectors/clusters.ts';
import { FACTS, temporaryStore } from '../../unit/library/fixtures.ts';

const DIMENSION = 96;
const REVISION = 'world-1';
const STOP_WORDS = new Set(['a', 'an', 'the', 'is', 'on', 'in', 'of', 'at', 'with', 'to', 'and', 'over']);
/** How far texts lie from pictures on the whole: a trained model keeps such a gap between the two. */
const GAP = 1.5;

function direction(name: string): Float32Array {
  const seed = Array.from(name).reduce(
    (hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619),
    2166136261,
  );
  return unit(Float32Array.from({ length: DIMENSION }, gaussian(seeded(seed))));
}

/** How well a picture suits a text, for {@link Reads}: large only where they share their words. */
export function suits(text: string, picture: Float32Array): number {
  return dot(blend('picture', text, new Float32Array(DIMENSION)), picture);
}

function blend(kind: 'text' | 'picture', text: string, noise: Float32Array): Float32Array {
  const sum = direction(kind).map((value) => value * GAP);
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  for (const word of words.filter((one) => !STOP_WORDS.has(one))) {
    direction(word).forEach((value, axis) => (sum[axis] = sum[axis]! + value));
  }
  return unit(sum.map((value, axis) => value + noise[axis]!));
}

/** A language side that knows words alone: each has a direction, a text is their sum. It counts what it embeds. */
export class WordEmbedder implements TextEmbedder {
  calls = 0;
  texts = 0;

  embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    this.calls++;
    this.texts += texts.length;
    return Promise.resolve(texts.map((text) => blend('text', text, new Float32Array(DIMENSION))));
  }
}

/** How likely a text is as the caption of a clip: the log probability for a picture that was stored as its tokens. */
export type Reads = (text: string, picture: Float32Array) => number;

/** A real library of made clips. Each clip is a picture of the words that it is described by, with some noise. */
export class World {
  readonly store: SqliteStore = temporaryStore();
  readonly language = new WordEmbedder();
  readonly vectors: LiveVectors;
  readonly searcher: Searcher;
  readonly #normal = gaussian(seeded(42));
  readonly #noise: number;

  constructor({
    noise = 0.6,
    crossover = 100_000,
    reads,
  }: { noise?: number; crossover?: number; reads?: Reads } = {}) {
    this.#noise = noise;
    const { store, language } = this;
    const source = {
      source: store,
      directory: store.directory,
      dimension: DIMENSION,
      packRevision: REVISION,
    };
    const vectors = openVectors({ ...source, crossover });
    this.vectors = vectors;
    onTestFinished(() => vectors.close());
    const scoreCaption: CaptionReader['scoreCaption'] = (text, clips) =>
      Promise.resolve({ logProbabilities: clips.map((clip) => reads?.(text, clip) ?? 0), length: 1 });
    const calibration = { weight: 1, plausibleFrom: -1e6 };
    this.searcher = new Searcher({
      store,
      language,
      vectors,
      ...(reads && { rereading: { reader: { scoreCaption }, scale: 1, calibration } }),
    });
  }

  picture(shows: string): Float32Array {
    const noise = Float32Array.from(
      { length: DIMENSION },
      () => (this.#noise * this.#normal()) / Math.sqrt(DIMENSION),
    );
    return blend('picture', shows, noise);
  }

  /** An indexed film: one description a clip of four seconds. */
  film(path: string, clips: readonly string[], takenAt: string | null = null): MediaRow {
    return this.#add(path, 'video', clips, takenAt);
  }

  photo(path: string, shows: string): MediaRow {
    return this.#add(path, 'image', [shows], null);
  }

  #add(path: string, kind: 'video' | 'image', clips: readonly string[], takenAt: string | null): MediaRow {
    const { store } = this;
    const found = {
      path,
      fingerprint: `print of ${path}`,
      bytes: 1,
      modifiedAt: '2026-01-02T03:04:05.000Z',
      kind,
    };
    const seconds = kind === 'video' ? 4 : 0;
    const { id } = store.addMedia(store.addRoot('/films').id, found, 'thorough');
    store.enqueue(id, 0);
    store.beginIndexing(
      id,
      { ...FACTS, kind, duration: clips.length * seconds, takenAt },
      'thorough',
      REVISION,
    );
    const rows = clips.map((shows, ordinal) => {
      const embedding = this.picture(shows);
      return {
        ordinal,
        start: ordinal * seconds,
        end: (ordinal + 1) * seconds,
        cutBefore: ordinal === 0,
        embedding,
        tokens: embedding,
        tokenWidth: DIMENSION,
      };
    });
    store.appendClips(id, REVISION, rows);
    store.finishIndexing(id, REVISION);
    return store.media(id)!;
  }

  /** Films of things that no test asks for. */
  filler(films: number, clipsEach = 10): void {
    const things = [
      'lamp',
      'tractor',
      'piano',
      'river',
      'market',
      'snow',
      'train',
      'garden',
      'kitchen',
      'harbour',
    ];
    const pick = seeded(7);
    for (let film = 0; film < films; film++) {
      const thing = (): string => things[Math.floor(pick() * things.length)]!;
      this.film(
        `/films/filler ${film}.mp4`,
        Array.from({ length: clipsEach }, () => `${thing()} ${thing()}`),
      );
    }
  }
}
