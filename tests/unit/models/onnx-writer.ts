/**
 * Writes small ONNX files: just enough of the protocol buffers of onnx.proto3 (https://github.com/onnx/onnx) for graphs of
 * a few nodes. Field numbers are in the comments of each message.
 */

/** Element types of onnx.proto3's TensorProto.DataType. */
export const ELEMENT = { float32: 1, uint8: 2, int64: 7 } as const;

export interface ValueInfo {
  readonly name: string;
  readonly type: keyof typeof ELEMENT;
  /** A word is a free dimension. */
  readonly shape: readonly (number | string)[];
}

export interface NodeInfo {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface GraphInfo {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly nodes: readonly NodeInfo[];
  readonly weights?: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
  >;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

const whole = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const bytes = (field: number, content: Iterable<number>): number[] => {
  const all = [...content];
  return [...varint(field * 8 + 2), ...varint(all.length), ...all];
};
const text = (field: number, content: string): number[] => bytes(field, Buffer.from(content));

/** ValueInfoProto: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { value 1, param 2 } } } }. */
function valueInfo({ name, type, shape }: ValueInfo): number[] {
  const dims = shape.flatMap((size) => bytes(1, typeof size === 'number' ? whole(1, size) : text(2, size)));
  return [...text(1, name), ...bytes(2, bytes(1, [...whole(1, ELEMENT[type]), ...bytes(2, dims)]))];
}

/** NodeProto: input 1, output 2, op_type 4, attribute 5 { name 1, i 3, ints 8, type 20 (INT 2, INTS 7) }. */
function node({ op, inputs, outputs, attributes = {} }: NodeInfo): number[] {
  const attribute = ([name, value]: [string, number | readonly number[]]): number[] =>
    typeof value === 'number'
      ? bytes(5, [...text(1, name), ...whole(3, value), ...whole(20, 2)])
      : bytes(5, [...text(1, name), ...value.flatMap((item) => whole(8, item)), ...whole(20, 7)]);
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, op),
    ...Object.entries(attributes).flatMap(attribute),
  ];
}

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9. */
function weight(name: string, shape: readonly number[], values: readonly number[]): number[] {
  return [
    ...shape.flatMap((size) => whole(1, size)),
    ...whole(2, ELEMENT.float32),
    ...text(8, name),
    ...bytes(9, new Uint8Array(Float32Array.from(values).buffer)),
  ];
}

/** ModelProto: ir_version 1, graph 7 { node 1, name 2, initializer 5, input 11, output 12 }, opset_import 8 { version 2 }. */
export function writeOnnx({ inputs, outputs, nodes, weights = {} }: GraphInfo): Uint8Array {
  const graph = [
    ...nodes.flatMap((item) => bytes(1, node(item))),
    ...text(2, 'graph'),
    ...Object.entries(weights).flatMap(([name, { shape, values }]) => bytes(5, weight(name, shape, values))),
    ...inputs.flatMap((item) => bytes(11, valueInfo(item))),
    ...outputs.flatMap((item) => bytes(12, valueInfo(item))),
  ];
  return Uint8Array.from([...whole(1, 8), ...bytes(7, graph), ...bytes(8, whole(2, 13))]);
}
