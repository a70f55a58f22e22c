import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphSpec } from '../../../electron/engine/models/graphs.ts';
import { floats, GraphSession, idTensor, Tensor } from '../../../electron/engine/models/session.ts';
import { writeOnnx } from './onnx-writer.ts';

/** mean: float32 [batch, 4] -> float32 [batch, 1]. */
const GRAPH = writeOnnx({
  inputs: [{ name: 'values', type: 'float32', shape: ['batch', 4] }],
  outputs: [{ name: 'mean', type: 'float32', shape: ['batch', 1] }],
  nodes: [
    { op: 'ReduceMean', inputs: ['values'], outputs: ['mean'], attributes: { axes: [1], keepdims: 1 } },
  ],
});
const SPEC: GraphSpec = {
  inputs: [{ name: 'values', type: 'float32', shape: [null, 4] }],
  outputs: [{ name: 'mean', type: 'float32', shape: [null, 1] }],
};

describe('a session', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tubelet-session-'));
    path = join(folder, 'mean.onnx');
    await writeFile(path, GRAPH);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('runs a graph that is what it should be', async () => {
    const session = await GraphSession.open('tiny', path, SPEC, { threads: 1 });
    const outputs = await session.run({ values: new Tensor('float32', Float32Array.of(1, 2, 3, 6), [1, 4]) });
    expect([...floats(outputs, 'mean')]).toEqual([3]);
    expect(session.takes('values')).toBe(true);
    expect(session.takes('mask')).toBe(false);
    await session.close();
  });

  const input = SPEC.inputs[0]!;
  const output = SPEC.outputs[0]!;
  it.each<[string, GraphSpec, string]>([
    [
      'a missing input',
      { ...SPEC, inputs: [input, { ...input, name: 'mask' }] },
      'the input "mask" is missing',
    ],
    ['a missing output', { ...SPEC, outputs: [{ ...output, name: 'sum' }] }, 'the output "sum" is missing'],
    [
      'another type',
      { ...SPEC, inputs: [{ ...input, type: 'uint8' }] },
      '"values" is float32 instead of uint8',
    ],
    [
      'another width',
      { ...SPEC, inputs: [{ ...input, shape: [null, 5] }] },
      'has the shape [batch, 4] instead of [?, 5]',
    ],
    ['another rank', { ...SPEC, outputs: [{ ...output, shape: [null] }] }, 'the output "mean" has the shape'],
    ['an unknown input', { ...SPEC, inputs: [] }, 'it has an input "values" that is not known'],
  ])('refuses a graph with %s, naming pack and tensor', async (_, spec, reason) => {
    await expect(GraphSession.open('tiny', path, spec)).rejects.toMatchObject({
      code: 'pack-invalid',
      message: expect.stringMatching(/^mean\.onnx of the model pack "tiny" cannot be used: /) as string,
    });
    await expect(GraphSession.open('tiny', path, spec)).rejects.toThrow(reason);
  });

  it('refuses a file that is no graph', async () => {
    const other = join(folder, 'other.onnx');
    await writeFile(other, 'not a graph');
    await expect(GraphSession.open('tiny', other, SPEC)).rejects.toMatchObject({
      code: 'pack-invalid',
      path: other,
    });
  });

  it('says which graph failed to run', async () => {
    const session = await GraphSession.open('tiny', path, SPEC, { threads: 1 });
    const wrong = new Tensor('float32', new Float32Array(5), [1, 5]);
    await expect(session.run({ values: wrong })).rejects.toThrow(
      /^mean\.onnx of the model pack "tiny" failed to run/,
    );
    await session.close();
  });

  it('makes a tensor of rows of ids', () => {
    const tensor = idTensor([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor.dims).toEqual([2, 2]);
    expect([...(tensor.data as BigInt64Array)]).toEqual([1n, 2n, 3n, 4n]);
  });
});
