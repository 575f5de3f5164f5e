import { sizeOf } from '../ir/shape.ts';
import type { Operation, Program, TensorType, Value } from '../ir/types.ts';
import type { KernelSpec } from '../kernels/spec.ts';
import { opDefinition } from '../ops/registry.ts';

/** A tensor that a kernel reads: a value, or part of one seen as another shape. */
export interface Operand {
  /** Id of the value that owns the memory. */
  readonly root: number;
  /** In elements of the root's type. */
  readonly offset: number;
  readonly type: TensorType;
}

/** A kernel with what it reads and makes, before it has memory. */
export interface KernelNode {
  readonly spec: KernelSpec;
  readonly operands: readonly Operand[];
  readonly results: readonly Value[];
  readonly ops: readonly string[];
  readonly origins: readonly string[];
}

/** Values gathered into one flat buffer; the memory plan puts them there directly where it can. */
export interface PackNode {
  readonly result: Value;
  readonly pieces: readonly Operand[];
  /** In elements, one a piece. */
  readonly offsets: readonly number[];
}

export interface KernelGraph {
  readonly nodes: readonly KernelNode[];
  readonly packs: readonly PackNode[];
  /** How each value of the program is found in memory, by id. */
  readonly operandOf: (value: Value) => Operand;
}

/** Lowers each op that something depends on to its kernel; aliases become offsets into the value that they view. */
export function kernelGraph(program: Program): KernelGraph {
  const operands = new Map<number, Operand>();
  for (const { value } of program.inputs) operands.set(value.id, { root: value.id, offset: 0, type: value.type });
  const operandOf = (value: Value): Operand => {
    const operand = operands.get(value.id);
    if (!operand) throw new Error(`value ${value.id} is used before it is made`);
    return operand;
  };

  const nodes: KernelNode[] = [];
  const packs: PackNode[] = [];
  for (const operation of liveOperations(program)) {
    if (operation.op === 'pack') {
      const { offsets } = (operation as Operation<'pack'>).attributes;
      const result = operation.outputs[0] as Value;
      packs.push({ result, pieces: operation.inputs.map(operandOf), offsets });
      operands.set(result.id, { root: result.id, offset: 0, type: result.type });
      continue;
    }
    const lowering = opDefinition(operation.op).lower(
      operation.inputs.map((value) => value.type),
      operation.attributes,
    );
    if (lowering.kind === 'alias') {
      const source = operandOf(operation.inputs[0] as Value);
      const result = operation.outputs[0] as Value;
      operands.set(result.id, { root: source.root, offset: source.offset + lowering.offset, type: result.type });
      continue;
    }
    for (const result of operation.outputs) operands.set(result.id, { root: result.id, offset: 0, type: result.type });
    if (operation.outputs.every((result) => sizeOf(result.type.shape) === 0)) continue;
    nodes.push({
      spec: lowering,
      operands: operation.inputs.map(operandOf),
      results: operation.outputs,
      ops: [operation.op],
      origins: operation.origin === undefined ? [] : [operation.origin],
    });
  }
  return { nodes, packs, operandOf };
}

/** The operations whose results reach an output or a write, in order. */
function liveOperations(program: Program): Operation[] {
  const needed = new Set<number>();
  for (const { value } of program.outputs) needed.add(value.id);
  for (const { value } of program.writes) needed.add(value.id);
  const live: Operation[] = [];
  for (let i = program.operations.length - 1; i >= 0; i--) {
    const operation = program.operations[i] as Operation;
    if (!operation.outputs.some((value) => needed.has(value.id))) continue;
    for (const value of operation.inputs) needed.add(value.id);
    live.push(operation);
  }
  return live.reverse();
}
