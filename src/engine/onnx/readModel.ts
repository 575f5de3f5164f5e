import { EngineError } from '../errors.ts';
import { type ElementTypeName, elementTypeName } from './elementTypes.ts';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './model.ts';
import { readTensor } from './readTensor.ts';
import { WireReader } from './wire.ts';

/** How deep graphs (bodies of If, Loop, Scan) may stand in each other. */
const MOST_DEPTH = 16;

/**
 * Reads an ONNX file. Fields are numbered in https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 * @throws EngineError `bad-data` if the bytes are no ONNX model, `unsupported` for functions and sparse weights.
 */
export function readOnnxModel(bytes: Uint8Array): OnnxModel {
  const reader = new WireReader(bytes);
  const opsets = new Map<string, number>();
  let graph: OnnxGraph | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 7) graph = readGraph(reader.message(), 0);
    else if (field === 8) {
      const { domain, version } = readOpset(reader.message());
      opsets.set(domain === 'ai.onnx' ? '' : domain, version);
    } else if (field === 25) {
      throw new EngineError('unsupported', 'the model defines functions of its own; export it with functions inlined');
    } else reader.skip();
  }
  if (!graph) throw new EngineError('bad-data', 'this is no ONNX file: it has no graph');
  if (opsets.size === 0) throw new EngineError('bad-data', 'this is no ONNX file: it names no operator set');
  return { graph, opsets };
}

function readOpset(reader: WireReader): { domain: string; version: number } {
  let domain = '';
  let version = 0;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) domain = reader.text();
    else if (field === 2) version = reader.integer();
    else reader.skip();
  }
  return { domain, version };
}

function readGraph(reader: WireReader, depth: number): OnnxGraph {
  if (depth > MOST_DEPTH) {
    throw new EngineError('bad-data', `the model has graphs within graphs to a depth of more than ${MOST_DEPTH}`);
  }
  let name = '';
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    switch (field) {
      case 1:
        nodes.push(readNode(reader.message(), depth));
        break;
      case 2:
        name = reader.text();
        break;
      case 5:
        initializers.push(readTensor(reader.message()));
        break;
      case 11:
        inputs.push(readValueInfo(reader.message()));
        break;
      case 12:
        outputs.push(readValueInfo(reader.message()));
        break;
      case 15:
        throw new EngineError('unsupported', 'the model has sparse weights; export it with dense ones');
      default:
        reader.skip();
    }
  }
  return { name, nodes, initializers, inputs, outputs };
}

function readNode(reader: WireReader, depth: number): OnnxNode {
  let name = '';
  let type = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    switch (field) {
      case 1:
        inputs.push(reader.text());
        break;
      case 2:
        outputs.push(reader.text());
        break;
      case 3:
        name = reader.text();
        break;
      case 4:
        type = reader.text();
        break;
      case 5: {
        const { key, attribute } = readAttribute(reader.message(), depth);
        attributes.set(key, attribute);
        break;
      }
      case 7:
        domain = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  return { name, type, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes };
}

function readAttribute(reader: WireReader, depth: number): { key: string; attribute: OnnxAttribute } {
  let key = '';
  let float: number | undefined;
  let integer: number | undefined;
  let text: string | undefined;
  let tensor: OnnxTensor | undefined;
  let graph: OnnxGraph | undefined;
  const floats: number[] = [];
  const integers: number[] = [];
  const texts: string[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    switch (field) {
      case 1:
        key = reader.text();
        break;
      case 2:
        float = reader.float();
        break;
      case 3:
        integer = reader.integer();
        break;
      case 4:
        text = latin(reader.bytes());
        break;
      case 5:
        tensor = readTensor(reader.message());
        break;
      case 6:
        graph = readGraph(reader.message(), depth + 1);
        break;
      case 7:
        reader.floats(floats);
        break;
      case 8:
        reader.integers(integers);
        break;
      case 9:
        texts.push(latin(reader.bytes()));
        break;
      default:
        reader.skip();
    }
  }
  return { key, attribute: { float, integer, text, tensor, graph, floats, integers, texts } };
}

/** Attribute strings are bytes; those that operators know are ASCII. */
function latin(bytes: Uint8Array): string {
  let result = '';
  for (const byte of bytes) result += String.fromCharCode(byte);
  return result;
}

const KINDS: Readonly<Record<number, string>> = { 4: 'sequence', 5: 'map', 8: 'sparse tensor', 9: 'optional' };

function readValueInfo(reader: WireReader): OnnxValueInfo {
  let name = '';
  let type: Omit<OnnxValueInfo, 'name'> = { elementType: undefined, shape: undefined, kind: 'tensor' };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) name = reader.text();
    else if (field === 2) type = readType(reader.message());
    else reader.skip();
  }
  return { name, ...type };
}

function readType(reader: WireReader): Omit<OnnxValueInfo, 'name'> {
  let kind = 'tensor';
  let elementType: ElementTypeName | undefined;
  let shape: (number | string)[] | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    kind = KINDS[field] ?? kind;
    if (field !== 1) {
      reader.skip();
      continue;
    }
    const tensor = reader.message();
    for (let own = tensor.next(); own !== 0; own = tensor.next()) {
      if (own === 1) elementType = elementTypeName(tensor.integer());
      else if (own === 2) shape = readShape(tensor.message());
      else tensor.skip();
    }
  }
  return { elementType, shape, kind };
}

function readShape(reader: WireReader): (number | string)[] {
  const shape: (number | string)[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field !== 1) {
      reader.skip();
      continue;
    }
    let size: number | string = '';
    const dim = reader.message();
    for (let own = dim.next(); own !== 0; own = dim.next()) {
      if (own === 1) size = dim.integer();
      else if (own === 2) size = dim.text();
      else dim.skip();
    }
    shape.push(size);
  }
  return shape;
}
