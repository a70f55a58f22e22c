/**
 * Which device runs the vision graph. Bundled is not the same as working: some drivers give wrong numbers without an error
 * and some are slower than the processor. So each candidate has to prove itself against the CPU, in a process of its own
 * that may crash or hang, and every refusal keeps its reason.
 */
import './no-telemetry.ts';
import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { env, listSupportedBackends } from 'onnxruntime-node';
import { z } from 'zod';
import { isCancelled, reportOf } from '../errors.ts';
import type { ModelPack } from './pack.ts';
import { probeInChild } from './probe.ts';
import type { ProbeResult } from './probe.ts';
import type { Provider, SessionOptions } from './session.ts';
import type { ProviderVerdict } from './types.ts';
import { cosine } from './vector.ts';
import { VerdictFile } from '../verdict-file.ts';

/** What is tried, best first. The CPU is not among them: it is what they are compared with. */
export const PROVIDER_ORDER = ['cuda', 'dml', 'coreml', 'webgpu'] as const satisfies readonly Provider[];

/** A device whose embedding is further than this from the CPU's computes something else. */
export const LEAST_COSINE = 0.99;

/** Runs the self-test on one provider. */
export type Probe = (provider: Provider) => Promise<ProbeResult>;

/** How a device is chosen. */
export interface ProviderOptions extends Pick<SessionOptions, 'threads'> {
  /** JSON file where the verdict is kept until the pack, the runtime or the driver changes. */
  readonly verdicts?: string;
  /** Only `cpu` and these are considered; all of {@link PROVIDER_ORDER} unless told. */
  readonly allowed?: readonly Provider[];
  /** Another way to run the self-test, where a child process cannot be started. */
  readonly probe?: Probe;
}

const verdictSchema = z.object({
  provider: z.enum(['cpu', ...PROVIDER_ORDER]),
  millisecondsPerClip: z.number(),
  refused: z.array(z.object({ provider: z.string(), reason: z.string() })),
});

/** The providers of {@link PROVIDER_ORDER} that are there, in that order. */
export function candidates(available: readonly string[]): Provider[] {
  return PROVIDER_ORDER.filter((provider) => available.includes(provider));
}

/**
 * The fastest provider that computes what the CPU computes.
 *
 * @throws TubeletError what the probe of the CPU threw: without it nothing runs.
 */
export async function judgeProviders(tried: readonly Provider[], probe: Probe): Promise<ProviderVerdict> {
  const cpu = await probe('cpu');
  const refused: { provider: string; reason: string }[] = [];
  let best: { provider: Provider; milliseconds: number } = {
    provider: 'cpu',
    milliseconds: cpu.milliseconds,
  };
  for (const provider of tried) {
    const result = await probe(provider).catch((error: unknown) => {
      if (isCancelled(error)) throw error;
      return reportOf(error).message;
    });
    const reason = typeof result === 'string' ? result : objection(result, cpu, best);
    if (reason !== null) refused.push({ provider, reason });
    if (reason === null && typeof result !== 'string') {
      if (best.provider !== 'cpu') refused.push({ provider: best.provider, reason: `${provider} is faster` });
      best = { provider, milliseconds: result.milliseconds };
    }
  }
  return { provider: best.provider, millisecondsPerClip: best.milliseconds, refused };
}

/** Chooses the device for a pack, or remembers the choice of an earlier start. */
export async function chooseProvider(
  pack: ModelPack,
  options: ProviderOptions = {},
): Promise<ProviderVerdict> {
  const available = listSupportedBackends()
    .filter(({ bundled }) => bundled)
    .map(({ name }) => name);
  const allowed = options.allowed ?? PROVIDER_ORDER;
  const tried = candidates(available).filter((provider) => allowed.includes(provider));
  const verdicts = new VerdictFile(options.verdicts);
  const key = `provider ${[pack.facts.id, pack.facts.revision, tried.join('+') || 'cpu', await surroundings()].join(' ')}`;
  const known = await verdicts.read(key, verdictSchema);
  if (known !== undefined) return known;
  const { threads } = options;
  const probe =
    options.probe ??
    ((provider: Provider) =>
      probeInChild({ pack, session: { provider, ...(threads === undefined ? {} : { threads }) } }));
  const verdict = await judgeProviders(tried, probe);
  await verdicts.write(key, verdict);
  return verdict;
}

/** Why a result is not taken; null where it is. */
function objection(
  result: ProbeResult,
  cpu: ProbeResult,
  best: { provider: Provider; milliseconds: number },
): string | null {
  const similarity = cosine(result.embedding, cpu.embedding);
  if (!(similarity >= LEAST_COSINE))
    return `its result differs from the CPU's (cosine ${similarity.toFixed(3)})`;
  if (result.milliseconds < best.milliseconds) return null;
  return `it is slower than ${best.provider} (${result.milliseconds.toFixed(1)} against ${best.milliseconds.toFixed(1)} ms a clip)`;
}

/** What a verdict depends on beside the pack: runtime, system and graphics driver. */
async function surroundings(): Promise<string> {
  const nvidia = await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => '');
  const driver = /\d+(\.\d+)+/.exec(nvidia)?.[0] ?? 'none';
  return `onnxruntime ${env.versions.node ?? 'unknown'} ${process.platform}-${process.arch} ${release()} nvidia ${driver}`;
}
