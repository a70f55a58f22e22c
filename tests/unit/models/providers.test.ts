import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TubeletError } from '../../../electron/engine/errors.ts';
import { loadPack } from '../../../electron/engine/models/pack.ts';
import type { ModelPack } from '../../../electron/engine/models/pack.ts';
import { probeInChild } from '../../../electron/engine/models/probe.ts';
import { candidates, chooseProvider, judgeProviders } from '../../../electron/engine/models/providers.ts';
import type { Probe } from '../../../electron/engine/models/providers.ts';
import { selfTestPack } from '../../../electron/engine/models/self-test.ts';
import type { Provider } from '../../../electron/engine/models/session.ts';
import { writeColourEncoder } from './colour-encoder.ts';

type Outcome = { readonly embedding: readonly number[]; readonly milliseconds: number } | Error;

/** A machine whose devices give these results. */
function machine(outcomes: Partial<Record<Provider, Outcome>>): Probe {
  return (provider) => {
    const outcome = outcomes[provider] ?? new Error('not there');
    if (outcome instanceof Error) return Promise.reject(outcome);
    return Promise.resolve({ ...outcome, embedding: Float32Array.from(outcome.embedding) });
  };
}
const CPU = { embedding: [1, 0], milliseconds: 50 };

describe('judging providers', () => {
  it('knows which of the bundled ones to try, and in which order', () => {
    expect(candidates(['cpu', 'webgpu', 'tensorrt', 'cuda'])).toEqual(['cuda', 'webgpu']);
    expect(candidates(['cpu'])).toEqual([]);
  });

  it('takes a device that is right and faster', async () => {
    const verdict = await judgeProviders(
      ['cuda'],
      machine({ cpu: CPU, cuda: { embedding: [1, 0.01], milliseconds: 5 } }),
    );
    expect(verdict).toEqual({ provider: 'cuda', millisecondsPerClip: 5, refused: [] });
  });

  it.each<[string, Outcome, string]>([
    [
      'computes something else',
      { embedding: [0.9, 0.43], milliseconds: 5 },
      "its result differs from the CPU's (cosine 0.902)",
    ],
    [
      'gives no numbers',
      { embedding: [NaN, NaN], milliseconds: 5 },
      "its result differs from the CPU's (cosine 0.000)",
    ],
    [
      'is slower',
      { embedding: [1, 0], milliseconds: 80 },
      'it is slower than cpu (80.0 against 50.0 ms a clip)',
    ],
    ['does not start', new TubeletError('internal', 'no adapter'), 'no adapter'],
  ])('refuses a device that %s, and says so', async (_, webgpu, reason) => {
    const verdict = await judgeProviders(['webgpu'], machine({ cpu: CPU, webgpu }));
    expect(verdict).toEqual({
      provider: 'cpu',
      millisecondsPerClip: 50,
      refused: [{ provider: 'webgpu', reason }],
    });
  });

  it('takes the fastest of several, and names the others', async () => {
    const right = (milliseconds: number): Outcome => ({ embedding: [1, 0], milliseconds });
    const verdict = await judgeProviders(
      ['cuda', 'webgpu'],
      machine({ cpu: CPU, cuda: right(20), webgpu: right(10) }),
    );
    expect(verdict.provider).toBe('webgpu');
    expect(verdict.refused).toEqual([{ provider: 'cuda', reason: 'webgpu is faster' }]);
  });

  it('fails where not even the CPU works', async () => {
    await expect(judgeProviders([], machine({}))).rejects.toThrow('not there');
  });
});

describe('the provider of a pack', () => {
  let parent: string;
  let pack: ModelPack;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'tubelet-provider-'));
    pack = await loadPack(await writeColourEncoder(parent));
  });
  afterAll(async () => {
    await rm(parent, { recursive: true });
  });

  it('is measured in a child process, and remembered until something changes', async () => {
    const verdicts = join(parent, 'verdicts.json');
    const first = await chooseProvider(pack, { verdicts, threads: 1 });
    expect(first.millisecondsPerClip).toBeGreaterThan(0);
    for (const { reason } of first.refused) expect(reason).not.toBe('');
    const never: Probe = () => Promise.reject(new Error('measured again'));
    expect(await chooseProvider(pack, { verdicts, probe: never })).toEqual(first);
    const changed = { ...pack, facts: { ...pack.facts, revision: 'other' } };
    await expect(chooseProvider(changed, { verdicts, probe: never })).rejects.toThrow('measured again');
  });

  it('is the CPU where nothing else is allowed', async () => {
    const verdict = await chooseProvider(pack, { allowed: [], threads: 1 });
    expect(verdict).toMatchObject({ provider: 'cpu', refused: [] });
  });

  const failing = new URL('./failing.child.ts', import.meta.url);
  it.each([
    ['crash', /^its self-test crashed \(SIGSEGV\) driver: invalid memory access$/],
    ['exit', /^its self-test crashed \(exit code 7\)$/],
    ['hang', /^it gave no result within 1 s$/],
  ])('survives a driver that does this: %s', async (directory, reason) => {
    const timeLimit = directory === 'hang' ? 1000 : 60_000;
    const probe = probeInChild(
      { pack: { ...pack, directory }, session: {} },
      { program: failing, timeLimit },
    );
    await expect(probe).rejects.toThrow(reason);
  });

  it('passes its self-test', async () => {
    const report = await selfTestPack(pack, { threads: 1 });
    expect(report.checks.map(({ name, passed }) => `${name} ${String(passed)}`)).toEqual([
      'open true',
      'still true',
      'clip true',
      // A pack of three colours knows none of the words of the test: they all mean the same to it.
      'text false',
    ]);
  });
});
