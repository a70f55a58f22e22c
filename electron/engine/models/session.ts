/** One ONNX graph of a pack on one execution provider, checked against what the pack says of it. */
import './no-telemetry.ts';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { TubeletError } from '../errors.ts';
import type { GraphSpec, TensorSpec } from './graphs.ts';
import { REINSTALL_HINT } from './reinstall-hint.ts';
import type { ProviderVerdict } from './types.ts';

export { Tensor };

/** Names of execution providers, as ONNX Runtime spells them. */
export type Provider = ProviderVerdict['provider'];

/** How a session runs. */
export interface SessionOptions {
  /** One session runs on one provider; `cpu` unless told. */
  readonly provider?: Provider;
  /** Threads inside one operator; see {@link defaultThreads}. */
  readonly threads?: number;
}

/** More threads than this gain little on graphs of this size. */
const MOST_THREADS = 8;

/** All cores up to {@link MOST_THREADS}: idle threads sleep (no spinning), so decoding gets the cores back. */
export function defaultThreads(): number {
  return Math.min(MOST_THREADS, availableParallelism());
}

/** A loaded graph. */
export class GraphSession {
  readonly #session: InferenceSession;
  readonly #where: string;

  private constructor(session: InferenceSession, where: string) {
    this.#session = session;
    this.#where = where;
  }

  /**
   * Loads a graph and checks the name, type and shape of every tensor.
   *
   * @param pack the pack's name, for errors.
   * @throws TubeletError `pack-invalid` that names the pack, the file and the tensor.
   */
  static async open(
    pack: string,
    path: string,
    spec: GraphSpec,
    options: SessionOptions = {},
  ): Promise<GraphSession> {
    const where = `${basename(path)} of the model pack "${pack}"`;
    const refuse = (reason: string, cause?: unknown): TubeletError =>
      new TubeletError('pack-invalid', `${where} cannot be used: ${reason}.`, {
        path,
        hint: REINSTALL_HINT,
        cause,
      });
    const provider = options.provider ?? 'cpu';
    let session: InferenceSession;
    try {
      session = await InferenceSession.create(path, {
        executionProviders: [provider],
        intraOpNumThreads: options.threads ?? defaultThreads(),
        interOpNumThreads: 1,
        // Its errors are thrown; printing them as well would only spoil the terminal.
        logSeverityLevel: 4,
        // Threads that spin while they wait take the cores from the video decoder.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
    } catch (cause) {
      const reason = runtimeReason(cause);
      if (provider === 'cpu') throw refuse(reason, cause);
      throw new TubeletError('internal', `${provider} cannot run ${where}: ${reason}`, { path, cause });
    }
    const problem =
      mismatch(spec.inputs, session.inputMetadata, 'input') ??
      mismatch(spec.outputs, session.outputMetadata, 'output') ??
      unexpected(spec, session.inputNames);
    if (problem !== undefined) {
      await session.release();
      throw refuse(problem);
    }
    return new GraphSession(session, where);
  }

  /** Whether the graph has an input of this name. */
  takes(input: string): boolean {
    return this.#session.inputNames.includes(input);
  }

  /**
   * Runs the graph. Blocks the thread that it is called on.
   *
   * @throws TubeletError `internal` with the runtime's message.
   */
  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    try {
      return await this.#session.run(feeds);
    } catch (cause) {
      throw new TubeletError('internal', `${this.#where} failed to run: ${runtimeReason(cause)}`, { cause });
    }
  }

  /** Frees the graph. */
  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** What the runtime says went wrong, without the places in its own source. */
export function runtimeReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split('\n').find((text) => text.trim() !== '') ?? message;
  return line
    .replace(/^.*(was false\.|Status Message:) /, '')
    .replace(/\/onnxruntime_src\S+ /g, '')
    .trim();
}

/** The float data of an output, under the first of its names that is there. */
export function floats(outputs: Readonly<Record<string, Tensor>>, ...names: readonly string[]): Float32Array {
  const tensor = names.map((name) => outputs[name]).find((candidate) => candidate !== undefined);
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TubeletError('internal', `The graph gave no floats for "${names.join('" or "')}".`);
}

/** A tensor of token ids, rows x length. */
export function idTensor(rows: readonly (readonly number[])[]): Tensor {
  const length = rows[0]?.length ?? 0;
  const ids = new BigInt64Array(rows.length * length);
  rows.forEach((row, index) => {
    row.forEach((id, place) => (ids[index * length + place] = BigInt(id)));
  });
  return new Tensor('int64', ids, [rows.length, length]);
}

/** The first difference between what is expected and what is there; undefined where all is as it should be. */
function mismatch(
  expected: readonly TensorSpec[],
  found: readonly InferenceSession.ValueMetadata[],
  role: 'input' | 'output',
): string | undefined {
  for (const spec of expected) {
    const tensor =
      found.find(({ name }) => name === spec.name) ?? found.find(({ name }) => name === spec.alias);
    if (tensor?.isTensor !== true) return `the ${role} "${spec.name}" is missing`;
    if (tensor.type !== spec.type)
      return `the ${role} "${tensor.name}" is ${tensor.type} instead of ${spec.type}`;
    const fits =
      tensor.shape.length === spec.shape.length &&
      spec.shape.every((size, axis) => {
        const there = tensor.shape[axis];
        return size === null || typeof there !== 'number' || there === size;
      });
    if (!fits) {
      const wanted = spec.shape.map((size) => size ?? '?').join(', ');
      return `the ${role} "${tensor.name}" has the shape [${tensor.shape.join(', ')}] instead of [${wanted}]`;
    }
  }
  return undefined;
}

/** An input that nobody would feed makes every run fail: better to know at once. */
function unexpected(spec: GraphSpec, inputs: readonly string[]): string | undefined {
  const known = new Set([...spec.inputs.map(({ name }) => name), ...(spec.optional ?? [])]);
  const extra = inputs.find((name) => !known.has(name));
  return extra === undefined ? undefined : `it has an input "${extra}" that is not known`;
}
