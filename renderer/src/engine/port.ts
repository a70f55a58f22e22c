import type { EngineClient } from '../../../electron/engine/api/client.ts';
import { EngineCalls } from './calls.ts';

/** What the preload posts along with the port. */
const ENGINE_PORT = 'tubelet:engine-port';

/**
 * The engine over the MessagePort that the preload posts to its own window. After the engine was restarted another
 * port arrives the same way and takes over.
 */
export function connectPort(page: Window): EngineClient {
  const calls = new EngineCalls();
  let current: MessagePort | null = null;
  page.addEventListener('message', (event) => {
    const port = event.ports[0];
    if (event.source !== page || event.data !== ENGINE_PORT || port === undefined) return;
    current?.close();
    calls.detach();
    current = port;
    port.addEventListener('message', (message) => {
      calls.receive(message.data);
    });
    port.addEventListener('close', () => {
      if (current === port) calls.detach();
    });
    port.start();
    calls.attach((message) => {
      port.postMessage(message);
    });
  });
  return calls;
}
