import { describe, expect, it } from 'vitest';
import type { Work } from '../../../electron/engine/api/shapes.ts';
import type { EngineEvent } from '../../../electron/hosts/contract/dispatcher.ts';
import { EventHub, type Clock } from '../../../electron/hosts/contract/events.ts';
import { rememberingLog } from '../../integration/hosts/small-engine.ts';

/** A clock that stands still until it is moved. */
class HandClock implements Clock {
  #now = 0;
  #tasks: { due: number; task: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, task: () => void): () => void {
    const entry = { due: this.#now + milliseconds, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  move(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#tasks.filter((entry) => entry.due <= this.#now);
    this.#tasks = this.#tasks.filter((entry) => entry.due > this.#now);
    for (const { task } of due) task();
  }
}

function progress(fraction: number, state: Work['state'] = 'running'): EngineEvent {
  return {
    event: 'work.progress',
    payload: {
      kind: 'indexing',
      state,
      mediaId: null,
      name: null,
      filesDone: 0,
      filesTotal: 1,
      fraction,
      secondsLeft: null,
      error: null,
    },
  };
}

function hub(): { clock: HandClock; hub: EventHub; heard: EngineEvent[]; entries: unknown[] } {
  const clock = new HandClock();
  const { log, entries } = rememberingLog();
  const made = new EventHub(log, clock);
  const heard: EngineEvent[] = [];
  made.subscribe((event) => heard.push(event));
  return { clock, hub: made, heard, entries };
}

describe('events', () => {
  it('of progress come at most five times a second, the newest last', () => {
    const { clock, hub: events, heard } = hub();
    for (let step = 0; step <= 100; step++) {
      events.emit(progress(step / 100));
      clock.move(10);
    }
    clock.move(1000);
    expect(heard.length).toBeGreaterThanOrEqual(5);
    expect(heard.length).toBeLessThanOrEqual(7);
    expect(heard.at(-1)).toEqual(progress(1));
  });

  it('tell a change of state at once', () => {
    const { hub: events, heard } = hub();
    events.emit(progress(0.1));
    events.emit(progress(0.2));
    events.emit(progress(0.2, 'paused'));
    expect(heard).toEqual([progress(0.1), progress(0.2, 'paused')]);
  });

  it('keep every changed file while they wait', () => {
    const { clock, hub: events, heard } = hub();
    for (const id of [1, 2, 3, 2])
      events.emit({ event: 'library.changed', payload: { mediaIds: [id], clips: id } });
    clock.move(1000);
    expect(heard).toEqual([
      { event: 'library.changed', payload: { mediaIds: [1], clips: 1 } },
      { event: 'library.changed', payload: { mediaIds: [2, 3], clips: 2 } },
    ]);
  });

  it('reach the other listeners when one fails, and the failure is written down', () => {
    const { log, entries } = rememberingLog();
    const events = new EventHub(log, new HandClock());
    const heard: EngineEvent[] = [];
    events.subscribe(() => {
      throw new Error('deaf');
    });
    events.subscribe((event) => heard.push(event));
    const notice: EngineEvent = {
      event: 'notice',
      payload: { level: 'info', message: 'Hello.', hint: null },
    };
    events.emit(notice);
    expect(heard).toEqual([notice]);
    expect(entries).toMatchObject([{ level: 'failed' }]);
  });

  it('stop for a listener that stopped', () => {
    const { hub: events } = hub();
    const heard: EngineEvent[] = [];
    events.subscribe((event) => heard.push(event))();
    events.emit(progress(0.5));
    expect(heard).toEqual([]);
  });
});
