import { describe, expect, it } from 'vitest';
import type { ChannelPort } from '../../../electron/hosts/contract/ports.ts';
import type { FromEngine } from '../../../electron/hosts/electron/parent-messages.ts';
import { serveParent } from '../../../electron/hosts/electron/parent.ts';
import { ShellProbes } from '../../../electron/hosts/electron/probes.ts';
import type { ProbeRequest } from '../../../electron/engine/models/probe.ts';
import { rememberingLog, smallEngine } from '../../integration/hosts/small-engine.ts';

/** A port that remembers what was sent and can be spoken to. */
function fakePort(): ChannelPort & { sent: unknown[]; say: (data: unknown) => void } {
  let listener: (event: { data: unknown }) => void = () => undefined;
  const sent: unknown[] = [];
  return {
    sent,
    on(event: 'message' | 'close', heard: (event: { data: unknown }) => void) {
      if (event === 'message') listener = heard;
    },
    postMessage: (message) => sent.push(message),
    start: () => undefined,
    say: (data) => {
      listener({ data });
    },
  };
}

function served() {
  const { log, entries } = rememberingLog();
  const engine = smallEngine(log);
  const sent: FromEngine[] = [];
  let shell: (message: unknown, ports: readonly ChannelPort[]) => void = () => undefined;
  const closed = Promise.withResolvers<string>();
  const probes = new ShellProbes((message) => sent.push(message));
  const place = { id: 7, path: '/films/walk.mp4', root: '/films', facts: null, thumbnails: null };
  let let_go = false;
  serveParent(
    { send: (message) => sent.push(message), onMessage: (listener) => (shell = listener) },
    {
      dispatcher: engine.dispatcher,
      places: { place: (id) => Promise.resolve(id === 7 ? place : undefined) },
      close: () => {
        let_go = true;
        return Promise.resolve();
      },
    },
    probes,
    log,
    () => {
      closed.resolve(let_go ? 'after letting the library go' : 'too early');
    },
  );
  return {
    entries,
    engine,
    sent,
    place,
    probes,
    closed: closed.promise,
    tell: (message: unknown, ...ports: ChannelPort[]) => {
      shell(message, ports);
    },
  };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('the engine’s process', () => {
  it('says when it is ready', () => {
    expect(served().sent).toEqual([{ kind: 'ready' }]);
  });

  it('speaks the contract on a port that it is handed', async () => {
    const { tell } = served();
    const port = fakePort();
    tell({ kind: 'page', restarts: 0 }, port);
    port.say({ id: 1, channel: 'library.overview', request: {} });
    await settle();
    expect(port.sent).toMatchObject([{ id: 1, reply: { roots: [] } }]);
  });

  it('tells a page that it was restarted', () => {
    const { tell } = served();
    const port = fakePort();
    tell({ kind: 'page', restarts: 2 }, port);
    expect(port.sent).toMatchObject([{ event: 'notice', payload: { level: 'attention' } }]);
  });

  it('says where a file is, or that there is none', async () => {
    const { tell, sent, place } = served();
    tell({ kind: 'place', ticket: 3, mediaId: 7 });
    tell({ kind: 'place', ticket: 4, mediaId: 8 });
    await settle();
    expect(sent.slice(1)).toEqual([
      { kind: 'place', ticket: 3, place },
      { kind: 'place', ticket: 4, place: null },
    ]);
  });

  it('adds folders that were chosen from the menu', async () => {
    const { tell, engine } = served();
    tell({ kind: 'add', paths: ['/films'] });
    await settle();
    expect(engine.added).toEqual(['/films']);
  });

  it('has devices tested by the shell, which alone can start a process for it', async () => {
    const { tell, sent, probes } = served();
    const request = { session: { provider: 'cuda' } } as ProbeRequest;
    const [works, fails] = [probes.run(request), probes.run(request)];
    expect(sent.slice(1)).toEqual([
      { kind: 'probe', ticket: 1, request },
      { kind: 'probe', ticket: 2, request },
    ]);
    const result = { embedding: new Float32Array([1, 0]), milliseconds: 4 };
    tell({ kind: 'probed', ticket: 2, reply: { error: { code: 'internal', message: 'no such device' } } });
    tell({ kind: 'probed', ticket: 1, reply: { result } });
    expect(await works).toEqual(result);
    await expect(fails).rejects.toThrow('no such device');
  });

  it('ends after letting the library go', async () => {
    const { tell, closed } = served();
    tell({ kind: 'close' });
    expect(await closed).toBe('after letting the library go');
  });

  it('writes down what it does not understand', () => {
    const { tell, entries } = served();
    tell({ kind: 'burn' });
    tell(null);
    tell({ kind: 'page', restarts: 0 });
    expect(entries.map(({ level }) => level)).toEqual(['refused', 'refused', 'refused']);
  });
});
