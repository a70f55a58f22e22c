import type { WirePort } from './conversation.ts';

/**
 * The half of a message channel that the engine's process holds: what Electron's MessagePortMain and a port of
 * node:worker_threads have in common.
 */
export interface ChannelPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  /** Messages wait until this is called. */
  start(): void;
}

/** A message channel as a port of the contract. Messages travel as plain objects. */
export function channelWirePort(port: ChannelPort): WirePort {
  return {
    send(message) {
      port.postMessage(message);
    },
    onMessage(listener) {
      port.on('message', (event) => {
        listener(event.data);
      });
      port.start();
    },
    onClose(listener) {
      port.on('close', listener);
    },
  };
}
