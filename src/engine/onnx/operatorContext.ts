import { EngineError } from '../errors.ts';
import { formatShape, sizeOf } from '../ir/shape.ts';
import type { Shape, Value } from '../ir/types.ts';
import type { ElementType } from './elementTypes.ts';
import { type FoldingEmitter, NeedsInputs } from './foldingEmitter.ts';
import { Constant, type GraphTensor, tensorOf } from './graphTensor.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode } from './model.ts';

/** What one node gives to its operator. Numbers of inputs are checked here, so that operators read as their formulas. */
export class OperatorContext {
  readonly emit: FoldingEmitter;
  /** Version of the operator set that the node's domain has in this model. */
  readonly opset: number;
  readonly node: OnnxNode;
  readonly #inputs: readonly (GraphTensor | undefined)[];
  readonly #scope: OperatorScope;

  constructor(
    emit: FoldingEmitter,
    node: OnnxNode,
    inputs: readonly (GraphTensor | undefined)[],
    opset: number,
    scope: OperatorScope,
  ) {
    this.emit = emit;
    this.node = node;
    this.opset = opset;
    this.#inputs = inputs;
    this.#scope = scope;
  }

  get inputCount(): number {
    return this.#inputs.length;
  }

  get outputCount(): number {
    return this.node.outputs.length;
  }

  /** Whether the graph uses output `i`. */
  wants(i: number): boolean {
    return (this.node.outputs[i] ?? '') !== '';
  }

  has(i: number): boolean {
    return this.#inputs[i] !== undefined;
  }

  tensor(i: number): GraphTensor {
    const tensor = this.#inputs[i];
    if (!tensor) throw new EngineError('bad-data', `${this.where} lacks its input ${i}`);
    return tensor;
  }

  input(i: number): Value {
    return this.tensor(i).value;
  }

  optional(i: number): Value | undefined {
    return this.#inputs[i]?.value;
  }

  inputs(): Value[] {
    return this.#inputs.map((_, i) => this.input(i));
  }

  shape(i: number): Shape {
    return this.tensor(i).shape;
  }

  elementType(i = 0): ElementType {
    return this.tensor(i).elementType;
  }

  /**
   * The numbers of an input that decides about shapes or places, so that they must be known.
   * @throws NeedsInputs if they depend on inputs of the graph.
   */
  numbers(i: number): number[] {
    return this.numbersOf(this.tensor(i), `its input ${i}`);
  }

  /** @throws NeedsInputs as `numbers`; `what` says which numbers in an error. */
  numbersOf(tensor: GraphTensor, what: string): number[] {
    if (tensor instanceof Constant) return Array.from(tensor.numbers);
    const host = this.emit.known(tensor.value);
    if (host) return Array.from(host.data);
    const inputs = this.emit.dependencies(tensor.value);
    if (inputs.length > 0) throw new NeedsInputs(inputs);
    throw new EngineError('unsupported', `${this.where} needs the numbers of ${what}, which are too many`);
  }

  optionalNumbers(i: number): number[] | undefined {
    return this.has(i) ? this.numbers(i) : undefined;
  }

  number(i: number): number {
    const numbers = this.numbers(i);
    if (numbers.length !== 1) {
      throw new EngineError('bad-data', `${this.where} expects one number as input ${i}, got ${numbers.length}`);
    }
    return numbers[0] as number;
  }

  attribute(name: string): OnnxAttribute | undefined {
    return this.node.attributes.get(name);
  }

  int(name: string, usual: number): number {
    return this.attribute(name)?.integer ?? usual;
  }

  float(name: string, usual: number): number {
    return this.attribute(name)?.float ?? usual;
  }

  text(name: string, usual: string): string {
    return this.attribute(name)?.text ?? usual;
  }

  ints(name: string): readonly number[] | undefined {
    return this.attribute(name)?.integers;
  }

  floats(name: string): readonly number[] | undefined {
    return this.attribute(name)?.floats;
  }

  texts(name: string): readonly string[] | undefined {
    return this.attribute(name)?.texts;
  }

  graph(name: string): OnnxGraph {
    const graph = this.attribute(name)?.graph;
    if (!graph) throw new EngineError('bad-data', `${this.where} lacks its graph ${name}`);
    return graph;
  }

  /** Runs the body of a control-flow operator, which sees the values around it. */
  run(graph: OnnxGraph, inputs: readonly GraphTensor[]): GraphTensor[] {
    return this.#scope.run(graph, inputs);
  }

  /** An axis counted from the end if negative. @throws EngineError if the tensor has no such axis. */
  axis(axis: number, rank: number): number {
    const own = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(own) || own < 0 || own >= rank) {
      throw new EngineError('bad-data', `${this.where} names axis ${axis} of a tensor with ${rank} axes`);
    }
    return own;
  }

  axes(axes: readonly number[], rank: number): number[] {
    return axes.map((axis) => this.axis(axis, rank));
  }

  constant(elementType: ElementType, shape: Shape, numbers: ArrayLike<number>): GraphTensor {
    return new Constant(this.emit, elementType, shape, numbers);
  }

  as(elementType: ElementType, value: Value): GraphTensor {
    return tensorOf(elementType, value);
  }

  /** Integers that must stay exact: `size` is a value that is at least as large as every number on the way. */
  guard(value: Value, size: Value = value): Value {
    this.#scope.guard(size, this.where);
    return value;
  }

  /** @throws EngineError `unsupported` saying what of this operator is not there. */
  unsupported(what: string): never {
    throw new EngineError('unsupported', `${this.node.type}: ${what}`);
  }

  /** @throws EngineError `bad-data`. */
  refuse(what: string): never {
    throw new EngineError('bad-data', `${this.where}: ${what}`);
  }

  get where(): string {
    return this.node.name ? `${this.node.type} "${this.node.name}"` : this.node.type;
  }

  reshape(value: Value, shape: Shape): Value {
    if (sizeOf(shape) !== sizeOf(value.type.shape)) {
      this.refuse(`${formatShape(value.type.shape)} can't be seen as ${formatShape(shape)}`);
    }
    return this.emit.op('reshape', [value], { shape });
  }
}

export interface OperatorScope {
  run(graph: OnnxGraph, inputs: readonly GraphTensor[]): GraphTensor[];
  guard(size: Value, where: string): void;
}
