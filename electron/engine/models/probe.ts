/** The self-test of a provider in a child process: a driver that crashes or hangs takes nothing else with it. */
import { fork } from 'node:child_process';
import { TubeletError } from '../errors.ts';
import type { ErrorReport } from '../errors.ts';
import type { ModelPack } from './pack.ts';
import type { SessionOptions } from './session.ts';

/** What is tested. */
export interface ProbeRequest {
  readonly pack: ModelPack;
  readonly session: SessionOptions;
}

/** What a provider made of the test clip. */
export interface ProbeResult {
  readonly embedding: Float32Array;
  /** Median of a few runs after the first. */
  readonly milliseconds: number;
}

/** What the child answers. */
export type ProbeReply = { readonly result: ProbeResult } | { readonly error: ErrorReport };

const SECOND = 1000;
const TIME_LIMIT = 60 * SECOND;

/**
 * Runs the self-test in a child process.
 *
 * @param child the program that runs in the child; the test of a provider unless told.
 * @param timeLimit milliseconds after which the child is killed.
 * @throws TubeletError with the reason: an error of the runtime, a crash, or the time limit.
 */
export function probeInChild(
  request: ProbeRequest,
  child: URL = new URL(`./probe.child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
  timeLimit: number = TIME_LIMIT,
): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const refuse = (reason: string): void => {
      reject(new TubeletError('internal', reason));
    };
    const probe = fork(child, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const timer = setTimeout(() => {
      refuse(`it gave no result within ${timeLimit / SECOND} s`);
      probe.kill('SIGKILL');
    }, timeLimit);
    let complaints = '';
    probe.stderr?.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2000)));
    probe.on('message', (reply: ProbeReply) => {
      if ('result' in reply) resolve(reply.result);
      else refuse(firstLine(reply.error.message));
      probe.kill();
    });
    probe.on('error', (error) => {
      clearTimeout(timer);
      refuse(`its self-test could not be started: ${error.message}`);
    });
    probe.on('exit', (code, signal) => {
      clearTimeout(timer);
      // A reply that came first has settled the promise already.
      refuse(
        `its self-test crashed (${signal ?? `exit code ${String(code)}`}) ${firstLine(complaints)}`.trim(),
      );
    });
    probe.send(request);
  });
}

function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}
