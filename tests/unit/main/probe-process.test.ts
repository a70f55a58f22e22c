import { fork as forkNode } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ForkOptions } from 'electron';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPack, type ModelPack } from '../../../electron/engine/models/pack.ts';
import { probeInChild } from '../../../electron/engine/models/probe.ts';
import { startInUtilityProcess, type ProbeChild } from '../../../electron/main/probe-process.ts';
import { writeColourEncoder } from '../models/colour-encoder.ts';

/** What Electron puts into a utility process, over the channel of a child of Node. */
const PARENT_PORT = `data:text/javascript,${encodeURIComponent(`
  process.parentPort = {
    once: (event, listener) => process.once(event, (data) => listener({ data })),
    postMessage: (message) => process.send(message),
  };
`)}`;

/** `utilityProcess.fork` as far as it is used, with a real process behind it. */
function fork(program: string, args: string[], options: ForkOptions): ProbeChild {
  expect(options.stdio).toEqual(['ignore', 'ignore', 'pipe']);
  const child = forkNode(program, args, {
    execArgv: ['--import', PARENT_PORT],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return {
    postMessage: (message) => child.send(message as object),
    on(event: string, listener: (...args: never[]) => void) {
      child.on(event, (first: unknown) => {
        // Electron knows no signals: a process that fell by one has a code all the same.
        (listener as (value: unknown) => void)(event === 'exit' ? (first ?? 139) : first);
      });
    },
    kill: () => child.kill(),
    stderr: child.stderr,
  };
}

describe('a device’s test in a utility process', () => {
  let parent: string;
  let pack: ModelPack;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'tubelet-probe-'));
    pack = await loadPack(await writeColourEncoder(parent));
  });
  afterAll(async () => {
    await rm(parent, { recursive: true });
  });
  const start = startInUtilityProcess(fork);

  it('gives what the device made of the test clip', async () => {
    const request = { pack, session: { provider: 'cpu', threads: 1 } } as const;
    const result = await probeInChild(request, { start });
    expect(result.embedding).toEqual((await probeInChild(request)).embedding);
    expect(result.milliseconds).toBeGreaterThan(0);
  });

  it('says why the runtime refused the device', async () => {
    const absent = { ...pack, directory: join(parent, 'absent') };
    await expect(probeInChild({ pack: absent, session: {} }, { start })).rejects.toThrow(/absent/);
  });

  const program = new URL('../models/failing.child.ts', import.meta.url);
  it.each([
    ['crash', 20_000, /^its self-test crashed \(exit code 139\) driver: invalid memory access$/],
    ['exit', 20_000, /^its self-test crashed \(exit code 7\)$/],
    ['hang', 1000, /^it gave no result within 1 s$/],
  ])('survives a driver that does this: %s', async (directory, timeLimit, reason) => {
    const request = { pack: { ...pack, directory }, session: {} };
    await expect(probeInChild(request, { start, program, timeLimit })).rejects.toThrow(reason);
  });

  it('says that it could not be started', async () => {
    const broken = startInUtilityProcess(() => {
      throw new Error('no more processes');
    });
    await expect(probeInChild({ pack, session: {} }, { start: broken })).rejects.toThrow('no more processes');
  });
});
