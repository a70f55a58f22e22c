import type { EngineClient } from '../../../electron/engine/api/client.ts';
import { EngineCalls } from './calls.ts';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 4000;

/**
 * The engine over one WebSocket. Connects at once and, whenever the socket closes, again with growing pauses.
 * `close` ends it for good.
 */
export function connectWebSocket(url: string): { client: EngineClient; close: () => void } {
  const calls = new EngineCalls();
  let retryMs = FIRST_RETRY_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let socket: WebSocket;

  const open = (): void => {
    socket = new WebSocket(url);
    const mine = socket;
    mine.addEventListener('open', () => {
      retryMs = FIRST_RETRY_MS;
      calls.attach((message) => {
        mine.send(JSON.stringify(message));
      });
    });
    mine.addEventListener('message', (event: { data: unknown }) => {
      if (typeof event.data === 'string') calls.receive(JSON.parse(event.data));
    });
    mine.addEventListener('close', () => {
      calls.detach();
      if (closed) return;
      timer = setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    });
  };
  open();

  return {
    client: calls,
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket.close();
    },
  };
}
