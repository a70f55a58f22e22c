/** The program of the process that tests one provider; see probe.ts. */
import { reportOf } from '../errors.ts';
import type { ProbeReply, ProbeRequest, ProbeResult } from './probe.ts';
import { testClip } from './test-clip.ts';
import { openVisionRunner } from './vision-runner.ts';

const RUNS = 3;

/** The line to whoever started this process. */
interface Parent {
  once(event: 'message', listener: (request: ProbeRequest) => void): void;
  send(reply: ProbeReply): void;
}

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

/** A utility process of Electron has a port to the shell; a child of Node has its channel. */
function parent(): Parent {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort === undefined) {
    return {
      once: (event, listener) => process.once(event, listener),
      send: (reply) => process.send?.(reply),
    };
  }
  return {
    once: (event, listener) => {
      parentPort.once(event, ({ data }) => {
        listener(data as ProbeRequest);
      });
    },
    send: (reply) => {
      parentPort.postMessage(reply);
    },
  };
}

/** The part of Electron's ParentPort that is used. The engine does not import Electron, not even its types. */
interface ParentPort {
  once(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown;
  postMessage(message: unknown): void;
}

const line = parent();
line.once('message', (request) => {
  probe(request).then(
    (result) => {
      line.send({ result });
    },
    (error: unknown) => {
      line.send({ error: reportOf(error) });
    },
  );
});
