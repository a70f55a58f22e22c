/**
 * Calls into a worker thread. A run of a graph blocks its thread, so every session lives in a worker; this is the one
 * place that knows the messages between the two sides.
 */
import './no-telemetry.ts';
import { getCompileCacheDir } from 'node:module';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';
import { reportOf, TubeletError } from '../errors.ts';
import type { ErrorReport } from '../errors.ts';

/** What a worker offers: asynchronous functions by name. */
export type Offers = Record<string, (...parameters: never[]) => Promise<unknown>>;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly parameters: readonly unknown[];
}
/** Asks the worker to end between two calls of the runtime. */
const CLOSE = 'close';
type Message =
  | { readonly ready: true }
  | { readonly failed: ErrorReport }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorReport };

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What `worker-start.ts` begins a worker with. */
export interface WorkerStart {
  /** The worker's own file, which calls {@link serve}. */
  readonly url: string;
  readonly data: unknown;
  /** Where this thread keeps its compiled code, so that the worker has not to compile the same files again. */
  readonly compileCache: string | undefined;
}

/** The worker's file beside the module with this URL, whether that is the source or the compiled program. */
export function workerUrl(name: string, importer: string): URL {
  return new URL(`./${name}.worker${importer.endsWith('.ts') ? '.ts' : '.js'}`, importer);
}

/** The calling side. The worker starts with the first call, and again with the next call after it has died. */
export class Thread<T extends Offers> {
  readonly #url: URL;
  readonly #name: string;
  readonly #data: unknown;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #ready: Promise<Worker> | undefined;
  #next = 0;
  #closed = false;

  /**
   * @param name what the thread is, for errors ("vision encoder").
   * @param data what the worker's {@link serve} receives to start with.
   */
  constructor(url: URL, name: string, data: unknown) {
    this.#url = url;
    this.#name = name;
    this.#data = data;
  }

  /**
   * Starts the worker unless it runs.
   *
   * @throws TubeletError what the worker's start threw.
   */
  async start(): Promise<void> {
    await this.#started();
  }

  /**
   * Calls a method of the worker. Buffers in `transfer` move to it and are empty afterwards.
   *
   * @throws TubeletError what the method threw, or `internal` where the worker died meanwhile.
   */
  async call<K extends keyof T & string>(
    method: K,
    parameters: Parameters<T[K]>,
    transfer: readonly Transferable[] = [],
  ): Promise<Awaited<ReturnType<T[K]>>> {
    const worker = await this.#started();
    const id = this.#next++;
    const reply = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    const call: Call = { id, method, parameters };
    worker.postMessage(call, transfer);
    return (await reply) as Awaited<ReturnType<T[K]>>;
  }

  /**
   * Ends the worker; calls that wait are rejected as cancelled. Await it before the process exits: the worker leaves by
   * itself, because a thread that is stopped inside a run of ONNX Runtime takes the whole process down.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#settle(new TubeletError('cancelled', `The ${this.#name} was closed.`));
    const worker = this.#worker;
    if (worker === undefined) return;
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage(CLOSE);
    await gone;
  }

  #started(): Promise<Worker> {
    if (this.#closed) return Promise.reject(new TubeletError('cancelled', `The ${this.#name} was closed.`));
    return (this.#ready ??= this.#launch());
  }

  #launch(): Promise<Worker> {
    const start: WorkerStart = {
      url: this.#url.href,
      data: this.#data,
      compileCache: getCompileCacheDir(),
    };
    const entry = new URL(
      `./worker-start${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
      import.meta.url,
    );
    const worker = new Worker(entry, { workerData: start, name: this.#name });
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      const died = (reason: string): void => {
        if (this.#worker !== worker) return;
        this.#worker = undefined;
        this.#ready = undefined;
        const error = new TubeletError('internal', `The ${this.#name} stopped unexpectedly: ${reason}`, {
          hint: 'It is started again with the next request. If it happens again, run `tubelet doctor`.',
        });
        reject(error);
        this.#settle(error);
      };
      worker.on('message', (message: Message) => {
        if ('ready' in message) resolve(worker);
        else if ('failed' in message) {
          this.#worker = undefined;
          this.#ready = undefined;
          reject(revive(message.failed));
        } else this.#answer(message);
      });
      worker.on('error', (error: unknown) => {
        died(error instanceof Error ? error.message : String(error));
      });
      worker.on('exit', (code) => {
        died(`its thread ended with code ${code}.`);
      });
    });
  }

  #answer(message: Extract<Message, { id: number }>): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ('error' in message) pending?.reject(revive(message.error));
    else pending?.resolve(message.value);
  }

  #settle(error: TubeletError): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}

/**
 * The worker's side: opens what is offered with the data that the {@link Thread} was made with, then answers its calls.
 * Calls run side by side; those that need an order keep it themselves.
 */
export async function serve(open: (data: unknown) => Promise<Offers>): Promise<void> {
  const port = parentPort;
  if (port === null) throw new TubeletError('internal', 'This file runs only as a worker.');
  const post = (message: Message, transfer: readonly Transferable[] = []): void => {
    port.postMessage(message, transfer);
  };
  let offers: Offers;
  try {
    offers = await open((workerData as WorkerStart).data);
  } catch (error) {
    post({ failed: reportOf(error) });
    return;
  }
  port.on('message', (message: Call | typeof CLOSE) => {
    // The runtime blocks this thread while it runs, so a message is never read in the middle of a run.
    if (message === CLOSE) process.exit();
    const { id, method, parameters } = message;
    const run = offers[method] as ((...parameters: readonly unknown[]) => Promise<unknown>) | undefined;
    const value =
      run === undefined
        ? Promise.reject(new TubeletError('internal', `There is no "${method}".`))
        : run(...parameters);
    value.then(
      (result) => {
        post({ id, value: result });
      },
      (error: unknown) => {
        post({ id, error: reportOf(error) });
      },
    );
  });
  post({ ready: true });
}

function revive({ code, message, path, hint }: ErrorReport): TubeletError {
  return new TubeletError(code, message, {
    ...(path === undefined ? {} : { path }),
    ...(hint === undefined ? {} : { hint }),
  });
}
