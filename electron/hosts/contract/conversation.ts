import { requestMessage, type ServerMessage } from '../../engine/api/wire.ts';
import { reportOf, TubeletError } from '../../engine/errors.ts';
import type { Dispatcher, EngineEvent } from './dispatcher.ts';
import type { Log } from './log.ts';

/** One open connection to a page, whatever carries it. */
export interface WirePort {
  send(message: ServerMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}

/**
 * Speaks the contract with one page until the connection closes: answers requests in whatever order they finish, and
 * passes events on. A message that is not a request is refused and written down, with an answer where it has an id.
 * An answer that comes after the connection closed is dropped: the client asks again when it is back.
 */
export function converse(
  port: WirePort,
  dispatcher: Dispatcher,
  log: Log,
  greeting: readonly EngineEvent[] = [],
): void {
  let open = true;
  const send = (message: ServerMessage): void => {
    if (open) port.send(message);
  };
  const unsubscribe = dispatcher.subscribe(send);
  port.onClose(() => {
    open = false;
    unsubscribe();
  });
  port.onMessage((message) => {
    const parsed = requestMessage.safeParse(message);
    if (!parsed.success) {
      log({ level: 'refused', what: 'malformed message', detail: excerpt(message) });
      const id = idOf(message);
      const error = new TubeletError('usage', 'The message is not a request.');
      if (id !== null) send({ id, error: reportOf(error) });
      return;
    }
    const { id, channel, request } = parsed.data;
    dispatcher.dispatch(channel, request).then(
      (reply) => {
        send({ id, reply });
      },
      (error: unknown) => {
        const report = reportOf(error);
        if (report.code === 'usage') log({ level: 'refused', what: 'bad request', detail: report.message });
        if (report.code === 'internal') log({ level: 'failed', what: channel, detail: stackOf(error) });
        send({ id, error: report });
      },
    );
  });
  for (const event of greeting) send(event);
}

function idOf(message: unknown): number | null {
  const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : null;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : null;
}

/** Enough to recognise a message by, without writing all of a large one. */
function excerpt(message: unknown): string {
  if (typeof message === 'string') return message.slice(0, 200);
  if (typeof message !== 'object' || message === null) return String(message);
  return `an object with ${Object.keys(message).slice(0, 10).join(', ')}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
