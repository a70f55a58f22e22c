import type { Overview } from '../../../electron/engine/api/shapes.ts';
import { TubeletError } from '../../../electron/engine/errors.ts';
import { createDispatcher, type Dispatcher } from '../../../electron/hosts/contract/dispatcher.ts';
import { EventHub } from '../../../electron/hosts/contract/events.ts';
import type { Log, LogEntry } from '../../../electron/hosts/contract/log.ts';

/** An overview of a library with nothing in it. */
export const EMPTY_OVERVIEW: Overview = {
  roots: [],
  totals: {
    media: 0,
    indexed: 0,
    waiting: 0,
    failed: 0,
    missing: 0,
    stale: 0,
    clips: 0,
    seconds: 0,
    databaseBytes: 0,
    thumbnailBytes: 0,
  },
  work: [],
};

/** A log that remembers. */
export function rememberingLog(): { log: Log; entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  return { log: (entry) => entries.push(entry), entries };
}

/** A small real dispatcher: a few channels over a list of folders, with the real checks and the real events. */
export function smallEngine(log: Log): { dispatcher: Dispatcher; events: EventHub; added: string[] } {
  const events = new EventHub(log);
  const added: string[] = [];
  const dispatcher = createDispatcher(
    {
      'library.overview': () => EMPTY_OVERVIEW,
      'library.add': ({ paths }) => {
        added.push(...paths);
        events.emit({ event: 'library.changed', payload: { mediaIds: [added.length], clips: 0 } });
        return EMPTY_OVERVIEW;
      },
      'library.item': ({ mediaId }) => {
        throw new TubeletError('not-found', `There is no file number ${mediaId}.`, {
          path: '/films/lost.mp4',
          hint: 'Look again.',
        });
      },
      'search.suggestions': async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return { queries: ['a dog on the beach'] };
      },
      'work.pause': () => {
        throw new Error('the engine has a defect');
      },
    },
    events,
  );
  return { dispatcher, events, added };
}
