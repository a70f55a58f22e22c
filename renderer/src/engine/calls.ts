import type {
  Channel,
  EventName,
  EventOf,
  ReplyOf,
  RequestOf,
} from '../../../electron/engine/api/channels.ts';
import { EngineFailure, type EngineClient } from '../../../electron/engine/api/client.ts';

/** Sends one message over whatever carries it. */
export type Send = (message: { id: number; channel: string; request: unknown }) => void;

/** Calls that change something each time they arrive: never sent twice. */
const ONCE: ReadonlySet<Channel> = new Set<Channel>(['captions.edit', 'captions.import', 'export.range']);

interface Waiting {
  readonly channel: Channel;
  readonly request: unknown;
  readonly resolve: (reply: never) => void;
  readonly reject: (failure: EngineFailure) => void;
}

/**
 * The client's half of the wire, whatever the carrier: numbers the calls, pairs replies with them, keeps calls that
 * are made while the engine is away, and sends those in flight again when it is back. A call that must not happen
 * twice is failed instead, so that the person can look and decide.
 */
export class EngineCalls implements EngineClient {
  #send: Send | null = null;
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();
  readonly #connectionListeners = new Set<(state: 'connected' | 'away') => void>();

  call<C extends Channel>(channel: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { channel, request, resolve, reject });
      this.#send?.({ id, channel, request });
    });
  }

  on<E extends EventName>(event: E, listener: (payload: EventOf<E>) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  onConnection(listener: (state: 'connected' | 'away') => void): () => void {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  }

  /** The carrier is up: everything that waits is sent, oldest first. */
  attach(send: Send): void {
    this.#send = send;
    for (const [id, { channel, request }] of this.#waiting) send({ id, channel, request });
    for (const listener of this.#connectionListeners) listener('connected');
  }

  /** The carrier is down. */
  detach(): void {
    if (this.#send === null) return;
    this.#send = null;
    for (const [id, { channel, reject }] of this.#waiting) {
      if (!ONCE.has(channel)) continue;
      this.#waiting.delete(id);
      reject(
        new EngineFailure({
          code: 'internal',
          message: 'The connection was lost before this was confirmed.',
          hint: 'Look whether it was done, then try again.',
        }),
      );
    }
    for (const listener of this.#connectionListeners) listener('away');
  }

  /** One message from the engine; anything that is not one is ignored. */
  receive(message: unknown): void {
    if (typeof message !== 'object' || message === null) return;
    if ('event' in message && typeof message.event === 'string' && 'payload' in message) {
      for (const listener of this.#listeners.get(message.event) ?? []) listener(message.payload as never);
      return;
    }
    if (!('id' in message) || typeof message.id !== 'number') return;
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    if ('error' in message)
      waiting.reject(new EngineFailure(message.error as { code: string; message: string }));
    else if ('reply' in message) waiting.resolve(message.reply as never);
  }
}
