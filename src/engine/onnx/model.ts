import type { ElementTypeName } from './elementTypes.ts';

/** An ONNX file after it was read: plain data, checked for form and not yet for meaning. https://onnx.ai/onnx/intro/concepts.html */
export interface OnnxModel {
  readonly graph: OnnxGraph;
  /** Version of the operator set of each domain; '' is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

export interface OnnxNode {
  readonly name: string;
  readonly type: string;
  readonly domain: string;
  /** Names of values; '' where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** The fields that the file has; which of them an operator wants, it knows. */
export interface OnnxAttribute {
  readonly float: number | undefined;
  readonly integer: number | undefined;
  readonly text: string | undefined;
  readonly tensor: OnnxTensor | undefined;
  readonly graph: OnnxGraph | undefined;
  readonly floats: readonly number[];
  readonly integers: readonly number[];
  readonly texts: readonly string[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly elementType: ElementTypeName;
  /** float32 as they are, all others as float64; undefined with a `problem`. */
  readonly numbers: Float32Array | Float64Array | undefined;
  /** Why there are no numbers: a type that the engine has not, or data in another file. */
  readonly problem: string | undefined;
}

export interface OnnxValueInfo {
  readonly name: string;
  /** Of TensorProto.DataType; undefined for sequences, maps and optional values. */
  readonly elementType: ElementTypeName | undefined;
  /** Undefined for an unknown rank; a size is a number, or the name of one that is known at run time only. */
  readonly shape: readonly (number | string)[] | undefined;
  /** 'tensor', 'sequence', 'map', 'optional' or 'sparse tensor'. */
  readonly kind: string;
}
