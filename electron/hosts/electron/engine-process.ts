import type { MessagePortMain, ParentPort } from 'electron';
import { reportOf } from '../../engine/errors.ts';
import type { ProbeRequest } from '../../engine/models/probe.ts';
import { streamLog, type Log } from '../contract/log.ts';
import { openApp } from '../dispatch.ts';
import { serveParent, type ParentLink } from './parent.ts';
import { ShellProbes } from './probes.ts';

/**
 * The engine's process in Electron, started by the shell with the library and the folder of the bundled programs as
 * arguments. It speaks the contract on every port that it is handed, and nothing else of Electron's is used.
 */
export async function runEngineProcess(
  parent: ParentPort,
  [library = '', bundledPrograms = '']: readonly string[],
  log: Log,
): Promise<void> {
  const link = parentLink(parent);
  const probes = new ShellProbes((message) => {
    link.send(message);
  });
  const options = {
    library,
    runProbe: (request: ProbeRequest) => probes.run(request),
    ...(bundledPrograms === '' ? {} : { bundledPrograms }),
  };
  const app = await openApp(options, log);
  serveParent(link, app, probes, log, () => {
    process.exit(0);
  });
}

/** Electron's parent port; messages that come before someone listens are kept by it. */
function parentLink(parent: ParentPort): ParentLink {
  return {
    send(message) {
      parent.postMessage(message);
    },
    onMessage(listener) {
      parent.on('message', ({ data, ports }: { data: unknown; ports: MessagePortMain[] }) => {
        listener(data, ports);
      });
    },
  };
}

// The entry: only a process that Electron started has a parent port.
const parentPort = (process as { parentPort?: ParentPort }).parentPort;
if (parentPort !== undefined) {
  const log = streamLog(process.stderr);
  runEngineProcess(parentPort, process.argv.slice(2), log).catch((error: unknown) => {
    const { code, message, path } = reportOf(error);
    log({ level: 'failed', what: `the engine did not start (${code})`, detail: `${message} ${path ?? ''}` });
    process.exit(1);
  });
}
