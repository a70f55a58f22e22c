/** The program of the child process that tests one provider; see probe.ts. */
import { reportOf } from '../errors.ts';
import type { ProbeReply, ProbeRequest, ProbeResult } from './probe.ts';
import { testClip } from './test-clip.ts';
import { openVisionRunner } from './vision-runner.ts';

const RUNS = 3;

async function probe({ pack, session }: ProbeRequest): Promise<ProbeResult> {
  const runner = await openVisionRunner(pack, session);
  const clip = testClip(pack.facts.geometry);
  const [first] = await runner.encode([clip]);
  if (first === undefined) throw new Error('The vision graph gave nothing.');
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await runner.encode([clip]);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { embedding: first.embedding, milliseconds: times[Math.floor(RUNS / 2)] ?? 0 };
}

process.once('message', (request: ProbeRequest) => {
  const reply = (message: ProbeReply): void => {
    process.send?.(message);
  };
  probe(request).then(
    (result) => {
      reply({ result });
    },
    (error: unknown) => {
      reply({ error: reportOf(error) });
    },
  );
});
