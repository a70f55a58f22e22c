import { TubeletError } from '../../engine/errors.ts';
import type { ProbeReply, ProbeRequest, ProbeResult } from '../../engine/models/probe.ts';
import type { FromEngine } from './parent-messages.ts';

/**
 * Self-tests of devices that the engine's process asks of the shell: a packaged Electron cannot be forked as a bare Node,
 * and only the shell can start utility processes. The shell also keeps the time limit.
 */
export class ShellProbes {
  readonly #send: (message: FromEngine) => void;
  readonly #asked = new Map<number, (reply: ProbeReply) => void>();
  #ticket = 0;

  constructor(send: (message: FromEngine) => void) {
    this.#send = send;
  }

  /** @throws TubeletError the reason why the device is not to be used. */
  async run(request: ProbeRequest): Promise<ProbeResult> {
    const ticket = ++this.#ticket;
    const reply = await new Promise<ProbeReply>((resolve) => {
      this.#asked.set(ticket, resolve);
      this.#send({ kind: 'probe', ticket, request });
    });
    if ('result' in reply) return reply.result;
    throw new TubeletError(reply.error.code, reply.error.message);
  }

  /** The shell's answer to one of them. */
  settle(ticket: number, reply: ProbeReply): void {
    this.#asked.get(ticket)?.(reply);
    this.#asked.delete(ticket);
  }
}
