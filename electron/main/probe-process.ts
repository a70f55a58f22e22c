import { fileURLToPath } from 'node:url';
import type { ForkOptions } from 'electron';
import type { ProbeReply, StartProbe } from '../engine/models/probe.ts';

/** The part of Electron's UtilityProcess that is used. */
export interface ProbeChild {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  on(event: 'error', listener: (type: string, location: string) => void): unknown;
  kill(): boolean;
  readonly stderr: {
    on(event: 'data', listener: (chunk: { toString(): string }) => void): unknown;
  } | null;
}

/**
 * Starts self-tests of devices in utility processes. The packaged program cannot be run as a bare Node (its fuse is off),
 * so this is the one way to give a test a process that may crash.
 *
 * @param fork `utilityProcess.fork`
 */
export function startInUtilityProcess(
  fork: (program: string, args: string[], options: ForkOptions) => ProbeChild,
): StartProbe {
  return (program, listener) => {
    const child = fork(fileURLToPath(program), [], {
      serviceName: 'Tubelet device test',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (chunk) => {
      listener.onComplaint(chunk.toString());
    });
    child.on('message', (reply) => {
      listener.onReply(reply as ProbeReply);
    });
    child.on('error', (type) => {
      listener.onComplaint(`${type}\n`);
    });
    child.on('exit', (code) => {
      listener.onExit(`exit code ${code}`);
    });
    return {
      send: (request) => {
        child.postMessage(request);
      },
      kill: () => {
        child.kill();
      },
    };
  };
}
