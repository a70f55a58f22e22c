import type { EngineClient } from '../../../electron/engine/api/client.ts';
import type { Lane, MediaDetail, Place } from '../../../electron/engine/api/shapes.ts';
import type { MediaStore } from '../stores/media.svelte.ts';
import type { NoticeStore } from '../stores/notices.svelte.ts';
import { isSameFrame } from './frame.ts';
import { matchPeaks, type Peak } from './lane.ts';
import { wholeView, type View } from './timeline.ts';

export const MOST_LANES = 4;

/** One query laid over the whole video. `slot` is its hue and pattern, kept while others come and go. */
export interface OpenLane {
  readonly query: string;
  readonly slot: number;
  readonly lane: Lane | null;
  readonly problem: unknown;
}

/** The open file: its details, its lanes, the marked range, the place shown over the frame. */
export class PlayerStore {
  detail = $state.raw<MediaDetail | null>(null);
  problem = $state<unknown>(null);
  lanes = $state.raw<readonly OpenLane[]>([]);
  view = $state.raw<View>({ from: 0, to: 1 });
  inPoint = $state<number | null>(null);
  outPoint = $state<number | null>(null);
  place = $state.raw<{ readonly found: Place; readonly at: number } | null>(null);
  /** The time under the pointer anywhere on the timeline. */
  hover = $state<number | null>(null);
  /** All peaks of all lanes in order of time: what the keys visit. */
  readonly peaks = $derived(
    this.lanes
      .flatMap(({ lane, slot }) =>
        lane === null ? [] : matchPeaks(lane).map((peak): Peak & { slot: number } => ({ ...peak, slot })),
      )
      .sort((a, b) => a.time - b.time),
  );
  /** The marked range, when both ends are set. */
  readonly range = $derived(
    this.inPoint !== null && this.outPoint !== null
      ? { start: Math.min(this.inPoint, this.outPoint), end: Math.max(this.inPoint, this.outPoint) }
      : null,
  );
  readonly #engine: EngineClient;
  readonly #media: MediaStore;
  readonly #notices: NoticeStore;

  constructor(engine: EngineClient, media: MediaStore, notices: NoticeStore) {
    this.#engine = engine;
    this.#media = media;
    this.#notices = notices;
  }

  /** Opens a file. Lanes stay and are asked anew: the same questions, another video. */
  async open(mediaId: number, query: string | null): Promise<void> {
    const known = this.#media.get(mediaId);
    this.detail = known ?? null;
    this.problem = null;
    this.inPoint = null;
    this.outPoint = null;
    this.place = null;
    this.hover = null;
    if (known !== undefined) this.view = wholeView(known.duration);
    const queries = this.lanes.map((lane) => lane.query);
    if (query !== null && !queries.includes(query)) queries.splice(0, queries.length === 0 ? 0 : 1, query);
    this.lanes = queries.map((each, slot) => ({ query: each, slot, lane: null, problem: null }));
    try {
      const detail = await this.#media.load(mediaId);
      this.detail = detail;
      this.view = wholeView(detail.duration);
      await Promise.all(this.lanes.map((lane) => this.#fill(lane.query)));
    } catch (error) {
      this.problem = error;
    }
  }

  /** Puts another query under the video; the oldest goes when there are too many. */
  async addLane(query: string): Promise<void> {
    const words = query.trim();
    if (words === '' || this.lanes.some((lane) => lane.query === words)) return;
    const kept = this.lanes.length < MOST_LANES ? this.lanes : this.lanes.slice(1);
    const slot = [0, 1, 2, 3].find((free) => kept.every((lane) => lane.slot !== free)) ?? 0;
    this.lanes = [...kept, { query: words, slot, lane: null, problem: null }];
    await this.#fill(words);
  }

  /** The place that was found in the frame shown at `time`; marks belong to one frame and go when another is shown. */
  placeOn(time: number): Place | null {
    if (this.place === null || this.detail === null) return null;
    const { kind, frameRate } = this.detail;
    return kind === 'image' || isSameFrame(time, this.place.at, frameRate) ? this.place.found : null;
  }

  removeLane(query: string): void {
    this.lanes = this.lanes.filter((lane) => lane.query !== query);
  }

  /** Finds where in the frame at `at` something is. */
  async locate(phrase: string, at: number): Promise<Place | null> {
    const mediaId = this.detail?.id;
    if (mediaId === undefined) return null;
    try {
      const found = await this.#engine.call('places.locate', { phrase, mediaId, at });
      if (this.detail?.id !== mediaId) return null;
      this.place = { found, at };
      return found;
    } catch (error) {
      this.#notices.failed(error);
      return null;
    }
  }

  async #fill(query: string): Promise<void> {
    const mediaId = this.detail?.id;
    if (mediaId === undefined) return;
    const settle = (outcome: Partial<OpenLane>): void => {
      if (this.detail?.id !== mediaId) return;
      this.lanes = this.lanes.map((lane) => (lane.query === query ? { ...lane, ...outcome } : lane));
    };
    try {
      settle({ lane: await this.#engine.call('search.lane', { mediaId, query }) });
    } catch (error) {
      settle({ problem: error });
    }
  }
}
