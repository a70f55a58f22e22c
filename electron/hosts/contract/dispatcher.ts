import {
  channels,
  type Channel,
  type EventName,
  type EventOf,
  type ReplyOf,
  type RequestOf,
} from '../../engine/api/channels.ts';
import { TubeletError } from '../../engine/errors.ts';

/** What answers each channel. Requests have been checked against their schema before a handler sees them. */
export type Handlers = {
  [C in Channel]: (request: RequestOf<C>) => ReplyOf<C> | Promise<ReplyOf<C>>;
};

/** One thing that the engine says without being asked. */
export type EngineEvent = {
  [E in EventName]: { readonly event: E; readonly payload: EventOf<E> };
}[EventName];

/** The engine as a host sees it: requests by name, and events. Hosts know nothing else of it. */
export interface Dispatcher {
  /** Checks the request and answers it. Rejects with a TubeletError `usage` where the request is not as agreed. */
  dispatch(channel: string, request: unknown): Promise<unknown>;
  /** Listens to everything the engine says; the returned function stops listening. */
  subscribe(listener: (event: EngineEvent) => void): () => void;
}

/** A dispatcher over handlers; `events` is where the engine's events come from. */
export function createDispatcher(
  handlers: Partial<Handlers>,
  events: { subscribe: Dispatcher['subscribe'] },
): Dispatcher {
  return {
    async dispatch(channel, request) {
      if (!isChannel(channel)) throw new TubeletError('usage', `There is no request named "${channel}".`);
      const handler = handlers[channel] as ((request: unknown) => unknown) | undefined;
      if (handler === undefined) throw new TubeletError('usage', `"${channel}" is not answered here.`);
      const parsed = channels[channel].request.safeParse(request);
      if (!parsed.success) {
        const problem = parsed.error.issues[0];
        const where = problem === undefined ? '' : problem.path.join('.');
        throw new TubeletError(
          'usage',
          `The request "${channel}" is not as agreed: ${where === '' ? '' : `${where}: `}${problem?.message ?? 'invalid'}.`,
        );
      }
      return await handler(parsed.data);
    },
    subscribe: (listener) => events.subscribe(listener),
  };
}

function isChannel(name: string): name is Channel {
  return Object.hasOwn(channels, name);
}
