import { describe, expect, it } from 'vitest';
import type { MessageChannelMain, MessagePortMain } from 'electron';
import type { Clock } from '../../../electron/hosts/contract/events.ts';
import {
  ENGINE_PORT,
  EngineLife,
  type EngineChild,
  type EngineLifeOptions,
  type PageContents,
} from '../../../electron/main/engine-life.ts';
import { rememberingLog } from '../../integration/hosts/small-engine.ts';

class HandClock implements Clock {
  #now = 0;
  waits: { milliseconds: number; task: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, task: () => void): () => void {
    const wait = { milliseconds, task };
    this.waits.push(wait);
    return () => {
      this.waits = this.waits.filter((other) => other !== wait);
    };
  }

  /** Lets the only wait pass; returns how long it was. */
  pass(): number {
    const [wait] = this.waits.splice(0, 1);
    this.#now += wait!.milliseconds;
    wait!.task();
    return wait!.milliseconds;
  }

  move(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

/** A process that can be made to speak and to fall. */
class FakeChild implements EngineChild {
  readonly received: { message: unknown; ports: number }[] = [];
  killed = false;
  #message: (message: unknown) => void = () => undefined;
  #exit: (code: number) => void = () => undefined;

  postMessage(message: unknown, transfer: MessagePortMain[] = []): void {
    this.received.push({ message, ports: transfer.length });
  }

  on(event: 'message' | 'exit', listener: ((message: unknown) => void) | ((code: number) => void)): void {
    if (event === 'message') this.#message = listener as (message: unknown) => void;
    else this.#exit = listener;
  }

  kill(): boolean {
    this.killed = true;
    this.exit(9);
    return true;
  }

  say(message: unknown): void {
    this.#message(message);
  }

  exit(code: number): void {
    this.#exit(code);
  }
}

function page(): PageContents & { ports: number; destroyed: boolean } {
  return {
    ports: 0,
    destroyed: false,
    postMessage(channel, _message, transfer = []) {
      expect(channel).toBe(ENGINE_PORT);
      this.ports += transfer.length;
    },
    isDestroyed() {
      return this.destroyed;
    },
  };
}

function life(probe: EngineLifeOptions['probe'] = () => Promise.reject(new Error('not asked for'))) {
  const clock = new HandClock();
  const { log, entries } = rememberingLog();
  const children: FakeChild[] = [];
  const port: unknown = {};
  const engine = new EngineLife({
    fork: () => {
      const child = new FakeChild();
      children.push(child);
      return child;
    },
    probe,
    channel: () => ({ port1: port, port2: port }) as Pick<MessageChannelMain, 'port1' | 'port2'>,
    clock,
    log,
  });
  engine.start();
  return { clock, entries, children, engine };
}

describe('the engine', () => {
  it('gets one end of a channel and the page the other', () => {
    const { engine, children } = life();
    const shown = page();
    engine.attach(shown);
    expect(shown.ports).toBe(1);
    expect(children[0]!.received).toEqual([{ message: { kind: 'page', restarts: 0 }, ports: 1 }]);
  });

  it('is started again when it falls, and pages get a new port', () => {
    const { engine, children, clock, entries } = life();
    const shown = page();
    engine.attach(shown);
    children[0]!.exit(139);
    expect(entries).toMatchObject([{ level: 'failed', what: 'the engine stopped' }]);
    clock.pass();
    expect(children).toHaveLength(2);
    expect(shown.ports).toBe(2);
    expect(children[1]!.received).toEqual([{ message: { kind: 'page', restarts: 1 }, ports: 1 }]);
  });

  it('is given longer and longer pauses while it keeps falling, and a short one after it lived well', () => {
    const { children, clock } = life();
    const pauses: number[] = [];
    for (let fall = 0; fall < 9; fall++) {
      children.at(-1)!.exit(1);
      pauses.push(clock.pass());
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    clock.move(60_000);
    children.at(-1)!.exit(1);
    expect(clock.pass()).toBe(250);
  });

  it('says where a file is', async () => {
    const { engine, children } = life();
    const asked = engine.place(7);
    expect(children[0]!.received).toEqual([{ message: { kind: 'place', ticket: 1, mediaId: 7 }, ports: 0 }]);
    const place = { id: 7, path: '/films/walk.mp4', root: '/films', facts: null, thumbnails: null };
    children[0]!.say({ kind: 'place', ticket: 1, place });
    expect(await asked).toEqual(place);
  });

  it('fails the questions that it had not answered when it fell', async () => {
    const { engine, children } = life();
    const asked = engine.place(7);
    children[0]!.exit(1);
    await expect(asked).rejects.toMatchObject({ name: 'TubeletError' });
    await expect(engine.place(8)).rejects.toMatchObject({ message: 'The engine is being restarted.' });
  });

  it('does not keep a question for ever', async () => {
    const { engine, clock } = life();
    const asked = engine.place(7);
    expect(clock.pass()).toBe(10_000);
    await expect(asked).rejects.toMatchObject({ name: 'TubeletError' });
  });

  it('has a device tested for it, and hears what came of it', async () => {
    const result = { embedding: new Float32Array([1]), milliseconds: 3 };
    const { children } = life(({ session }) =>
      session.provider === 'webgpu' ? Promise.resolve(result) : Promise.reject(new Error('no such device')),
    );
    children[0]!.say({ kind: 'probe', ticket: 1, request: { session: { provider: 'webgpu' } } });
    children[0]!.say({ kind: 'probe', ticket: 2, request: { session: { provider: 'cuda' } } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(children[0]!.received.map(({ message }) => message)).toEqual([
      { kind: 'probed', ticket: 1, reply: { result } },
      { kind: 'probed', ticket: 2, reply: { error: { code: 'internal', message: 'no such device' } } },
    ]);
  });

  it('hears nothing of a test that the engine before it had asked for', async () => {
    const asked = Promise.withResolvers<never>();
    const { children, clock } = life(() => asked.promise);
    children[0]!.say({ kind: 'probe', ticket: 1, request: {} });
    children[0]!.exit(1);
    clock.pass();
    asked.reject(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(children[1]!.received).toEqual([]);
  });

  it('leaves when asked, and is not started again', async () => {
    const { engine, children, clock } = life();
    const closed = engine.close(5000);
    expect(children[0]!.received).toEqual([{ message: { kind: 'close' }, ports: 0 }]);
    children[0]!.exit(0);
    await closed;
    expect(clock.waits).toEqual([]);
    expect(children).toHaveLength(1);
  });

  it('is ended where it does not leave', async () => {
    const { engine, children, clock } = life();
    const closed = engine.close(5000);
    clock.pass();
    await closed;
    expect(children[0]!.killed).toBe(true);
  });

  it('writes down what it does not understand', () => {
    const { children, entries } = life();
    children[0]!.say({ kind: 'nonsense' });
    children[0]!.say(null);
    expect(entries).toHaveLength(2);
  });

  it('forgets a page that is gone', () => {
    const { engine, children, clock } = life();
    const shown = page();
    engine.attach(shown);
    shown.destroyed = true;
    children[0]!.exit(1);
    clock.pass();
    expect(shown.ports).toBe(1);
  });
});
