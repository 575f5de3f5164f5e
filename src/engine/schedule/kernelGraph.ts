import { bytesPerElement, sizeOf } from '../ir/shape.ts';
import type { Operation, Program, TensorType, Value } from '../ir/types.ts';
import { access, broadcastAccess, term } from '../kernels/access.ts';
import { binary, constant, type Expression, index, load, multiply, select } from '../kernels/expression.ts';
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

/** Devices bind memory at multiples of so many float32 elements (256 bytes). */
const ALIGNMENT = 64;
/** So many tensors are concatenated by one kernel at the most. */
const MOST_PIECES = 6;

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
    const lowering = opDefinition(operation.op).lower(
      operation.inputs.map((value) => value.type),
      operation.attributes,
    );
    const origins = operation.origin === undefined ? [] : [operation.origin];
    if (lowering.kind === 'alias') {
      const source = operandOf(operation.inputs[0] as Value);
      for (const [i, result] of operation.outputs.entries()) {
        const operand = {
          root: source.root,
          offset: source.offset + (lowering.offsets[i] as number),
          type: result.type,
        };
        if (isAligned(operand)) operands.set(result.id, operand);
        else {
          operands.set(result.id, { root: result.id, offset: 0, type: result.type });
          nodes.push({ ...copyFrom(source, lowering.offsets[i] as number, result), ops: [operation.op], origins });
        }
      }
      continue;
    }
    for (const result of operation.outputs) operands.set(result.id, { root: result.id, offset: 0, type: result.type });
    if (lowering.kind === 'pack') {
      const pieces = operation.inputs.map(operandOf);
      const result = operation.outputs[0] as Value;
      if (lowering.offsets.every((offset) => offset % ALIGNMENT === 0))
        packs.push({ result, pieces, offsets: lowering.offsets });
      else
        nodes.push(
          ...concatenate(pieces, lowering.offsets, result).map((node) => ({ ...node, ops: [operation.op], origins })),
        );
      continue;
    }
    if (operation.outputs.every((result) => sizeOf(result.type.shape) === 0)) continue;
    nodes.push({
      spec: lowering,
      operands: operation.inputs.map(operandOf),
      results: operation.outputs,
      ops: [operation.op],
      origins,
    });
  }
  return { nodes, packs, operandOf };
}

type Work = Pick<KernelNode, 'spec' | 'operands' | 'results'>;

function isAligned({ offset, type }: Operand): boolean {
  return (offset * bytesPerElement(type.dtype)) % (4 * ALIGNMENT) === 0;
}

/** Part of a tensor as a value of its own, for where a device could not bind that part. */
function copyFrom(source: Operand, offset: number, result: Value): Work {
  const dims = [sizeOf(result.type.shape)];
  const whole = [sizeOf(source.type.shape)];
  const read = access(0, whole, dims, [{ terms: [term(0)], offset }]);
  return {
    spec: { kind: 'map', dims, loads: [read], outputs: [load(0)] },
    operands: [flat(source)],
    results: [result],
  };
}

/** An operand as its read has it: one axis, so that nobody takes that for the first of several. */
function flat({ type, ...operand }: Operand): Operand {
  return { ...operand, type: { ...type, shape: [sizeOf(type.shape)] } };
}

/** Tensors side by side by maps, a few at a time because a kernel can bind only so many. */
function concatenate(pieces: readonly Operand[], offsets: readonly number[], result: Value): Work[] {
  const dims = [sizeOf(result.type.shape)];
  const work: Work[] = [];
  for (let first = 0; first < pieces.length; first += MOST_PIECES) {
    const part = pieces.slice(first, first + MOST_PIECES);
    const last = first + part.length === pieces.length;
    const before = work.at(-1)?.results[0];
    const loads = part.map((piece, i) =>
      access(i, [sizeOf(piece.type.shape)], dims, [{ terms: [term(0)], offset: -(offsets[first + i] as number) }]),
    );
    if (before) loads.push(broadcastAccess(part.length, dims, dims));
    const rest: Expression = before ? load(part.length) : constant(0);
    const value = part.reduceRight<Expression>((otherwise, piece, i) => {
      const start = offsets[first + i] as number;
      const inside = multiply(
        binary('greaterEqual', index(0), constant(start)),
        binary('less', index(0), constant(start + sizeOf(piece.type.shape))),
      );
      return select(inside, load(i), otherwise);
    }, rest);
    // Unfinished parts get ids below zero, which no value of a program has.
    const target = last ? result : { id: -1 - result.id * MOST_PIECES - first, type: result.type };
    work.push({
      spec: { kind: 'map', dims, loads, outputs: [value] },
      operands: [...part.map(flat), ...(before ? [{ root: before.id, offset: 0, type: before.type }] : [])],
      results: [target],
    });
  }
  return work;
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
