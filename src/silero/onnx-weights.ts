/**
 * The float tensors of an ONNX file (a Protocol Buffers message; field numbers from onnx.proto), those inside the
 * branches of `If` nodes included. Enough to run a small network whose shape is known without a runtime.
 */

export interface Tensor {
  dims: readonly number[];
  values: Float32Array;
}

const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const NODE_OUTPUT = 2;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_TENSOR = 5;
const ATTRIBUTE_GRAPH = 6;
const TENSOR_DIMS = 1;
const TENSOR_TYPE = 2;
const TENSOR_NAME = 8;
const TENSOR_RAW = 9;
const TYPE_FLOAT = 1;

/** Tensors by the name of the node's output or of the initializer that holds them. Throws when `file` is no ONNX model. */
export function readOnnxWeights(file: Uint8Array): Map<string, Tensor> {
  const found = new Map<string, Tensor>();
  for (const field of fieldsOf(file)) {
    if (field.number === MODEL_GRAPH && field.bytes !== null) readGraph(field.bytes, found);
  }
  if (found.size === 0) throw new Error('the ONNX file holds no float tensors');
  return found;
}

function readGraph(graph: Uint8Array, found: Map<string, Tensor>): void {
  for (const { number, bytes } of fieldsOf(graph)) {
    if (bytes === null) continue;
    if (number === GRAPH_NODE) readNode(bytes, found);
    if (number === GRAPH_INITIALIZER) keep(bytes, null, found);
  }
}

function readNode(node: Uint8Array, found: Map<string, Tensor>): void {
  let output = '';
  for (const { number, bytes } of fieldsOf(node)) {
    if (bytes === null) continue;
    if (number === NODE_OUTPUT && output === '') output = text(bytes);
    if (number !== NODE_ATTRIBUTE) continue;
    for (const attribute of fieldsOf(bytes)) {
      if (attribute.bytes === null) continue;
      if (attribute.number === ATTRIBUTE_TENSOR) keep(attribute.bytes, output, found);
      if (attribute.number === ATTRIBUTE_GRAPH) readGraph(attribute.bytes, found);
    }
  }
}

function keep(tensor: Uint8Array, name: string | null, found: Map<string, Tensor>): void {
  const dims: number[] = [];
  let type = 0;
  let own = '';
  let raw: Uint8Array | null = null;
  for (const field of fieldsOf(tensor)) {
    if (field.number === TENSOR_DIMS)
      dims.push(...(field.bytes === null ? [field.value] : packed(field.bytes)));
    if (field.number === TENSOR_TYPE) type = field.value;
    if (field.number === TENSOR_NAME && field.bytes !== null) own = text(field.bytes);
    if (field.number === TENSOR_RAW) raw = field.bytes;
  }
  if (type !== TYPE_FLOAT || raw === null) return;
  // The copy is aligned, which a view of the file need not be.
  found.set(name ?? own, { dims, values: new Float32Array(new Uint8Array(raw).buffer) });
}

interface Field {
  number: number;
  /** Of a number field; 0 otherwise. */
  value: number;
  /** Of a length-delimited field. */
  bytes: Uint8Array | null;
}

/** The fields of one message, in order. Numbers beyond 2^53 lose precision; no field read here has any. */
function* fieldsOf(message: Uint8Array): Generator<Field, void, undefined> {
  const cursor = { at: 0 };
  while (cursor.at < message.length) {
    const tag = varint(message, cursor);
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, value: varint(message, cursor), bytes: null };
        break;
      case 1:
        cursor.at += 8;
        break;
      case 2: {
        const length = varint(message, cursor);
        const bytes = message.subarray(cursor.at, cursor.at + length);
        if (bytes.length !== length) throw new Error('the ONNX file ends in the middle of a field');
        cursor.at += length;
        yield { number, value: 0, bytes };
        break;
      }
      case 5:
        cursor.at += 4;
        break;
      default:
        throw new Error('the file is not an ONNX model');
    }
  }
}

function packed(bytes: Uint8Array): number[] {
  const cursor = { at: 0 };
  const values: number[] = [];
  while (cursor.at < bytes.length) values.push(varint(bytes, cursor));
  return values;
}

function varint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new Error('the ONNX file ends in the middle of a number');
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

const decoder = new TextDecoder();
const text = (bytes: Uint8Array) => decoder.decode(bytes);
