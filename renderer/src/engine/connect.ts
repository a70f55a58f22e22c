import type { EngineClient, HostServices } from '../../../electron/engine/api/client.ts';
import { connectPort } from './port.ts';
import { browserServices, electronServices } from './services.ts';
import { connectWebSocket } from './websocket.ts';

/** Finds out which host shows the page and connects to its engine. The cookie that the
 * host gave with the page lets the socket in. */
export function connectHost(page: Window): { engine: EngineClient; host: HostServices } {
  if (page.tubelet !== undefined) {
    return { engine: connectPort(page), host: electronServices(page.tubelet) };
  }
  const { client } = connectWebSocket(`ws://${page.location.host}/engine`);
  return { engine: client, host: browserServices(page.document) };
}
