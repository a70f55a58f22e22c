import type { EventOf } from '../../engine/api/channels.ts';
import type { Log } from './log.ts';
import type { EngineEvent } from './dispatcher.ts';

const SECOND = 1000;
/** The contract promises at most five a second of each kind. */
const SHORTEST_GAP = SECOND / 5;

/** How time passes; tests pass their own. */
export interface Clock {
  now(): number;
  /** Runs `task` after some milliseconds; the returned function prevents it. */
  after(milliseconds: number, task: () => void): () => void;
}

/** The system's own clock. It does not keep the process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/**
 * Fans the engine's events out to every connected page. Progress and changes are thinned to five a second each; the
 * newest always arrives, and a change of state (paused, failed, done) is told at once. Changes that wait are merged,
 * so that none is lost.
 */
export class EventHub {
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #lanes = new Map<string, ThinnedLane>();
  readonly #states = new Map<string, string>();

  constructor(log: Log, clock: Clock = systemClock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Listens to everything; the returned function stops listening. */
  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Tells every listener, now or as soon as the rate allows. */
  emit(event: EngineEvent): void {
    switch (event.event) {
      case 'work.progress': {
        const lane = this.#lane(`work.${event.payload.kind}`);
        const changed = this.#states.get(event.payload.kind) !== event.payload.state;
        this.#states.set(event.payload.kind, event.payload.state);
        lane.offer(event, changed);
        return;
      }
      case 'library.changed':
        this.#lane('library').offer(event, false);
        return;
      case 'captions.changed':
      case 'notice':
        this.#tell(event);
        return;
    }
  }

  #lane(name: string): ThinnedLane {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = new ThinnedLane(this.#clock, (event) => {
        this.#tell(event);
      });
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  #tell(event: EngineEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log({ level: 'failed', what: `a listener of ${event.event} failed`, detail: String(error) });
      }
    }
  }
}

/** Events of one kind, at most one in `SHORTEST_GAP`. */
class ThinnedLane {
  readonly #clock: Clock;
  readonly #tell: (event: EngineEvent) => void;
  #last = Number.NEGATIVE_INFINITY;
  #waiting: EngineEvent | null = null;
  #prevent: (() => void) | null = null;

  constructor(clock: Clock, tell: (event: EngineEvent) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  offer(event: EngineEvent, atOnce: boolean): void {
    this.#waiting = merge(this.#waiting, event);
    const due = this.#last + SHORTEST_GAP - this.#clock.now();
    if (atOnce || due <= 0) this.#flush();
    else
      this.#prevent ??= this.#clock.after(due, () => {
        this.#flush();
      });
  }

  #flush(): void {
    this.#prevent?.();
    this.#prevent = null;
    const event = this.#waiting;
    this.#waiting = null;
    if (event === null) return;
    this.#last = this.#clock.now();
    this.#tell(event);
  }
}

/** The newer event; changes of the library keep the files of both. */
function merge(waiting: EngineEvent | null, event: EngineEvent): EngineEvent {
  if (waiting?.event !== 'library.changed' || event.event !== 'library.changed') return event;
  const payload: EventOf<'library.changed'> = {
    mediaIds: [...new Set([...waiting.payload.mediaIds, ...event.payload.mediaIds])],
    clips: event.payload.clips,
  };
  return { event: 'library.changed', payload };
}
