import { reportOf } from '../../engine/errors.ts';
import { converse } from '../contract/conversation.ts';
import type { EngineEvent } from '../contract/dispatcher.ts';
import type { Log } from '../contract/log.ts';
import { channelWirePort, type ChannelPort } from '../contract/ports.ts';
import type { OpenApp } from '../dispatch.ts';
import { toEngine, type FromEngine } from './parent-messages.ts';
import type { ShellProbes } from './probes.ts';

/** The line to the shell: messages, some of which carry ports. */
export interface ParentLink {
  send(message: FromEngine): void;
  onMessage(listener: (message: unknown, ports: readonly ChannelPort[]) => void): void;
}

/**
 * Does what the shell asks: speaks the contract on each port that it hands over, says where files lie, adds folders
 * chosen from the menu, takes what came of self-tests, and ends (`onClosed`) after letting the library go.
 */
export function serveParent(
  link: ParentLink,
  app: Pick<OpenApp, 'dispatcher' | 'places' | 'close'>,
  probes: Pick<ShellProbes, 'settle'>,
  log: Log,
  onClosed: () => void,
): void {
  link.onMessage((message, ports) => {
    const parsed = toEngine.safeParse(message);
    if (!parsed.success) {
      log({ level: 'refused', what: 'the shell said something odd' });
      return;
    }
    const failed = (what: string) => (error: unknown) => {
      log({ level: 'failed', what, detail: reportOf(error).message });
    };
    switch (parsed.data.kind) {
      case 'page': {
        const [port] = ports;
        if (port === undefined) log({ level: 'refused', what: 'a page without a port' });
        else converse(channelWirePort(port), app.dispatcher, log, greeting(parsed.data.restarts));
        return;
      }
      case 'place': {
        const { ticket, mediaId } = parsed.data;
        app.places.place(mediaId).then((place) => {
          link.send({ kind: 'place', ticket, place: place ?? null });
        }, failed('looking up a file'));
        return;
      }
      case 'add':
        app.dispatcher.dispatch('library.add', { paths: parsed.data.paths }).catch(failed('adding folders'));
        return;
      case 'probed':
        probes.settle(parsed.data.ticket, parsed.data.reply);
        return;
      case 'close':
        app.close().catch(failed('closing')).finally(onClosed);
        return;
    }
  });
  link.send({ kind: 'ready' });
}

/** What a page hears first: after a fall, that there was one. */
function greeting(restarts: number): EngineEvent[] {
  if (restarts === 0) return [];
  return [
    {
      event: 'notice',
      payload: {
        level: 'attention',
        message: 'The engine stopped and was started again.',
        hint: 'Nothing that was done is lost. If it happens again, Health says more.',
      },
    },
  ];
}
