import type { MessageChannelMain, MessagePortMain } from 'electron';
import { reportOf, TubeletError } from '../engine/errors.ts';
import type { ProbeRequest, ProbeResult } from '../engine/models/probe.ts';
import type { Clock } from '../hosts/contract/events.ts';
import type { Log } from '../hosts/contract/log.ts';
import { fromEngine, type ToEngine } from '../hosts/electron/parent-messages.ts';
import type { MediaPlace, MediaPlaces } from '../hosts/media/access.ts';

/** The message that carries a port to the page. */
export const ENGINE_PORT = 'tubelet:engine-port';

const SECOND = 1000;
const FIRST_PAUSE = SECOND / 4;
const LONGEST_PAUSE = 30 * SECOND;
/** An engine that lived this long had started well: the next fall is a new one. */
const WELL_STARTED = 60 * SECOND;
const PLACE_TIMEOUT = 10 * SECOND;

/** The part of Electron's UtilityProcess that is used. */
export interface EngineChild {
  postMessage(message: unknown, transfer?: MessagePortMain[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}

/** The part of Electron's WebContents that is used. */
export interface PageContents {
  postMessage(channel: string, message: unknown, transfer?: MessagePortMain[]): void;
  isDestroyed(): boolean;
}

/** What the engine's life rests on. */
export interface EngineLifeOptions {
  /** Starts the process: `utilityProcess.fork(…)`. */
  readonly fork: () => EngineChild;
  readonly channel: () => Pick<MessageChannelMain, 'port1' | 'port2'>;
  /** Tests a device in a process of its own, for the engine, which cannot start one. */
  readonly probe: (request: ProbeRequest) => Promise<ProbeResult>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Keeps the engine's process alive and pages connected to it. When it falls it is started again after a pause that
 * doubles with every fall; pages get a new port and a notice that says so. What was acknowledged is in the database,
 * so nothing of it is lost.
 */
export class EngineLife implements MediaPlaces {
  readonly #options: EngineLifeOptions;
  readonly #pages = new Set<PageContents>();
  readonly #asked = new Map<
    number,
    { resolve: (place: MediaPlace | undefined) => void; reject: (error: Error) => void }
  >();
  #child: EngineChild | null = null;
  #startedAt = 0;
  #restarts = 0;
  #pause = FIRST_PAUSE;
  #closing: (() => void) | null = null;
  #ticket = 0;

  constructor(options: EngineLifeOptions) {
    this.#options = options;
  }

  /** Starts the process. Calls made before it is ready wait in its port. */
  start(): void {
    const child = this.#options.fork();
    this.#child = child;
    this.#startedAt = this.#options.clock.now();
    child.on('message', (message) => {
      this.#receive(message, child);
    });
    child.on('exit', (code) => {
      if (this.#child === child) this.#fell(code);
    });
    for (const page of this.#pages) this.#connect(page);
  }

  /** Gives a page its port to the engine, now and after every restart. A page that was loaded anew gets a new one. */
  attach(page: PageContents): void {
    this.#pages.add(page);
    this.#connect(page);
  }

  /** Forgets a page that was closed. */
  detach(page: PageContents): void {
    this.#pages.delete(page);
  }

  /** Adds folders that were chosen from the menu. */
  addFolders(paths: readonly string[]): void {
    this.#send({ kind: 'add', paths: [...paths] });
  }

  /** Asks the engine where a file is. @throws TubeletError `internal` while the engine is away */
  place(mediaId: number): Promise<MediaPlace | undefined> {
    return new Promise((resolve, reject) => {
      const away = new TubeletError('internal', 'The engine is being restarted.', {
        hint: 'Try again in a moment.',
      });
      if (this.#child === null) {
        reject(away);
        return;
      }
      const ticket = ++this.#ticket;
      const giveUp = this.#options.clock.after(PLACE_TIMEOUT, () => {
        this.#asked.delete(ticket);
        reject(away);
      });
      this.#asked.set(ticket, {
        resolve: (place) => {
          giveUp();
          resolve(place);
        },
        reject: (error) => {
          giveUp();
          reject(error);
        },
      });
      this.#send({ kind: 'place', ticket, mediaId });
    });
  }

  /** Asks the engine to finish what it is writing and to leave; it is not started again. Kills it after `grace` ms. */
  close(grace: number): Promise<void> {
    const child = this.#child;
    if (child === null) return Promise.resolve();
    return new Promise((resolve) => {
      const giveUp = this.#options.clock.after(grace, () => child.kill());
      this.#closing = () => {
        giveUp();
        resolve();
      };
      this.#send({ kind: 'close' });
    });
  }

  #connect(page: PageContents): void {
    if (this.#child === null) return;
    if (page.isDestroyed()) {
      this.#pages.delete(page);
      return;
    }
    const { port1, port2 } = this.#options.channel();
    this.#send({ kind: 'page', restarts: this.#restarts }, [port1]);
    page.postMessage(ENGINE_PORT, null, [port2]);
  }

  #send(message: ToEngine, transfer?: MessagePortMain[]): void {
    this.#child?.postMessage(message, transfer);
  }

  #receive(message: unknown, child: EngineChild): void {
    const parsed = fromEngine.safeParse(message);
    if (!parsed.success) {
      this.#options.log({ level: 'failed', what: 'the engine said something odd' });
      return;
    }
    switch (parsed.data.kind) {
      case 'ready':
        this.#options.log({ level: 'info', what: 'the engine is ready' });
        return;
      case 'place': {
        const { ticket, place } = parsed.data;
        this.#asked.get(ticket)?.resolve(place ?? undefined);
        this.#asked.delete(ticket);
        return;
      }
      case 'probe':
        void this.#probe(parsed.data.ticket, parsed.data.request, child);
        return;
    }
  }

  /** Runs a self-test for an engine that may be gone, and another be there, by the time it is done. */
  async #probe(ticket: number, request: ProbeRequest, child: EngineChild): Promise<void> {
    const reply = await this.#options.probe(request).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: reportOf(error) }),
    );
    if (this.#child === child) this.#send({ kind: 'probed', ticket, reply });
  }

  #fell(code: number): void {
    this.#child = null;
    for (const { reject } of this.#asked.values())
      reject(new TubeletError('internal', 'The engine stopped.'));
    this.#asked.clear();
    if (this.#closing !== null) {
      this.#closing();
      return;
    }
    const { clock, log } = this.#options;
    if (clock.now() - this.#startedAt >= WELL_STARTED) this.#pause = FIRST_PAUSE;
    this.#restarts++;
    log({
      level: 'failed',
      what: 'the engine stopped',
      detail: `code ${code}, starting again in ${this.#pause} ms`,
    });
    clock.after(this.#pause, () => {
      this.start();
    });
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }
}
