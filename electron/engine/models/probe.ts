/** The self-test of a provider in a process of its own: a driver that crashes or hangs takes nothing else with it. */
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

/** What the process that is being tested does, as `watchProbe` hears of it. */
export interface ProbeListener {
  onReply(reply: ProbeReply): void;
  /** What it wrote to its error stream. */
  onComplaint(text: string): void;
  /** It could not be started. */
  onError(error: Error): void;
  /** It ended: by which signal or with which exit code, in words. */
  onExit(how: string): void;
}

/** A started process that will be tested. */
export interface ProbeProcess {
  send(request: ProbeRequest): void;
  kill(): void;
}

/**
 * Starts the program of the test in a process of its own. Node forks itself; a packaged Electron cannot be used as a bare
 * Node, so its shell starts a utility process instead.
 */
export type StartProbe = (program: URL, listener: ProbeListener) => ProbeProcess;

/** How a test is run; see `probeInChild`. */
export interface ProbeRun {
  /** Another way to start the process than forking Node. */
  readonly start?: StartProbe;
  /** Another program than the test of a provider. */
  readonly program?: URL;
  /** Milliseconds after which the process is killed. */
  readonly timeLimit?: number;
}

const SECOND = 1000;
const TIME_LIMIT = 60 * SECOND;
const PROGRAM = new URL(`./probe.child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Runs the self-test in a process of its own.
 *
 * @throws TubeletError with the reason: an error of the runtime, a crash, or the time limit.
 */
export function probeInChild(
  request: ProbeRequest,
  { start = forkNode, program = PROGRAM, timeLimit = TIME_LIMIT }: ProbeRun = {},
): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const refuse = (reason: string): void => {
      reject(new TubeletError('internal', reason));
    };
    let complaints = '';
    const probe = start(program, {
      onReply(reply) {
        if ('result' in reply) resolve(reply.result);
        else refuse(firstLine(reply.error.message));
        probe.kill();
      },
      onComplaint(text) {
        complaints = (complaints + text).slice(-2000);
      },
      onError(error) {
        clearTimeout(timer);
        refuse(`its self-test could not be started: ${error.message}`);
      },
      onExit(how) {
        clearTimeout(timer);
        // A reply that came first has settled the promise already.
        refuse(`its self-test crashed (${how}) ${firstLine(complaints)}`.trim());
      },
    });
    const timer = setTimeout(() => {
      refuse(`it gave no result within ${timeLimit / SECOND} s`);
      probe.kill();
    }, timeLimit);
    probe.send(request);
  });
}

/** A child of this Node. */
function forkNode(program: URL, listener: ProbeListener): ProbeProcess {
  const child = fork(program, [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    listener.onComplaint(chunk.toString());
  });
  child.on('message', (reply: ProbeReply) => {
    listener.onReply(reply);
  });
  child.on('error', (error) => {
    listener.onError(error);
  });
  child.on('exit', (code, signal) => {
    listener.onExit(signal ?? `exit code ${String(code)}`);
  });
  return {
    send: (request) => child.send(request),
    // A driver that hangs hears no gentler signal.
    kill: () => child.kill('SIGKILL'),
  };
}

function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}
