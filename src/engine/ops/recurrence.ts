import type { Emitter } from '../ir/emitter.ts';
import { formatShape } from '../ir/shape.ts';
import type { Shape, TensorType, Value } from '../ir/types.ts';
import { type Access, access, term } from '../kernels/access.ts';
import { add, constant, type Expression, load, multiply, select, subtract, unary } from '../kernels/expression.ts';

/**
 * What the ops of recurrent cells share. They work on `[steps, rows, …]`: the inputs' share of all gates comes in for all
 * steps at once, so that only the state's share, h·Wᵀ, is left for each step. A mask `[steps, rows]` may come as the last
 * input: where it is 0 a row keeps its state, as if the step were not there.
 */
export interface Recurrence {
  readonly steps: number;
  readonly rows: number;
  readonly units: number;
}

/** What the gradient op of a cell was given, beside what every one is: each flag is one more input, in this order. */
export interface GradientInputs {
  /** Whether the forward steps ran from last to first. */
  readonly reverse: boolean;
  /** Gradient by the states of all steps, `[steps, rows, units]`. */
  readonly byStates: boolean;
  /** Gradient by the state after the last step, `[rows, units]`. */
  readonly byLast: boolean;
  readonly masked: boolean;
}

/** Sizes from the inputs' share `[steps, rows, gates·units]` and the weights `[gates·units, units]`. @throws RangeError */
export function recurrenceOf(shared: Shape, weight: Shape, gates: number, mask?: Shape): Recurrence {
  const [steps, rows, width] = shared;
  const units = weight[1];
  const fits =
    shared.length === 3 && weight.length === 2 && width === gates * units! && weight[0] === width && steps! > 0;
  const masks = mask === undefined || (mask.length === 2 && mask[0] === steps && mask[1] === rows);
  if (!fits || !masks) {
    const given = [shared, weight, ...(mask ? [mask] : [])].map(formatShape).join(', ');
    throw new RangeError(
      `expected [steps, rows, ${gates}·units], weights [${gates}·units, units] and perhaps a mask [steps, rows], got ${given}`,
    );
  }
  return { steps: steps!, rows: rows!, units: units! };
}

export const tanhOf = (x: Expression): Expression => unary('tanh', x);
/** As a tanh: a kernel of cells then needs one function only. */
export const sigmoidOf = (x: Expression): Expression =>
  add(constant(0.5), multiply(constant(0.5), tanhOf(multiply(constant(0.5), x))));
/** Slope of a sigmoid by its value. */
export const sigmoidSlope = (y: Expression): Expression => multiply(y, subtract(constant(1), y));
/** Slope of tanh by its value. */
export const tanhSlope = (y: Expression): Expression => subtract(constant(1), multiply(y, y));

/** Reads of a kernel over steps, rows and units, in the order in which they are asked for. */
export class CellReads {
  readonly loads: Access[] = [];
  readonly #sizes: Recurrence;
  readonly #dims: Shape;

  constructor(sizes: Recurrence) {
    this.#sizes = sizes;
    this.#dims = [sizes.steps, sizes.rows, sizes.units];
  }

  /** Column block `block` of `blocks` of a tensor over steps and rows; `shift` steps later. Outside of all steps it is 0. */
  block(operand: number, block: number, blocks: number, shift = 0): Expression {
    const { steps, rows, units } = this.#sizes;
    return this.#add(operand, [steps, rows, blocks * units], {
      step: { terms: [term(0)], offset: shift },
      unit: { terms: [term(2)], offset: block * units },
    });
  }

  /** All column blocks. */
  blocks(operand: number, blocks: number): Expression[] {
    return Array.from({ length: blocks }, (_, block) => this.block(operand, block, blocks));
  }

  /** A tensor over rows and units that counts at one step only. */
  at(step: number, operand: number): Expression {
    const { rows, units } = this.#sizes;
    return this.#add(operand, [1, rows, units], {
      step: { terms: [term(0)], offset: -step },
      unit: { terms: [term(2)] },
    });
  }

  /** A tensor over steps and rows. */
  mask(operand: number): Expression {
    const { steps, rows } = this.#sizes;
    return this.#add(operand, [steps, rows, 1], { step: { terms: [term(0)] }, unit: { terms: [] } });
  }

  /** Block of a vector of so many blocks of units. */
  vector(operand: number, block: number, blocks: number): Expression {
    const { units } = this.#sizes;
    const read = access(operand, [blocks * units], this.#dims, [{ terms: [term(2)], offset: block * units }]);
    return load(this.loads.push(read) - 1);
  }

  #add(operand: number, shape: Shape, { step, unit }: Record<'step' | 'unit', Parameters<typeof access>[3][number]>) {
    return load(this.loads.push(access(operand, shape, this.#dims, [step, { terms: [term(1)] }, unit])) - 1);
  }
}

/** Gradient by the new state as it comes from outside: from all states, from the last one, or both. */
export function gradientFromOutside(
  reads: CellReads,
  { reverse, byStates, byLast }: GradientInputs,
  { steps }: Recurrence,
  first: number,
): Expression[] {
  return [
    ...(byStates ? [reads.block(first, 0, 1)] : []),
    ...(byLast ? [reads.at(reverse ? 0 : steps - 1, first + (byStates ? 1 : 0))] : []),
  ];
}

/** The expression where the mask is not 0, else the other; without a mask always the first. */
export function where(mask: Expression | undefined, then: Expression, otherwise: Expression): Expression {
  return mask ? select(mask, then, otherwise) : then;
}

/** The read of the weights by a scan: h·Wᵀ on the way forward, gradient·W on the way back. */
export function weightRead(operand: number, shape: Shape, way: 'forward' | 'backward'): Access {
  const dims = way === 'forward' ? [shape[1]!, shape[0]!] : shape;
  const [row, column] = way === 'forward' ? [1, 0] : [0, 1];
  return access(operand, shape, dims, [{ terms: [term(row)] }, { terms: [term(column)] }]);
}

/** Gradient by the weights: one product over all steps of the gates' gradients and the states that the gates saw. */
export function weightGradient(emit: Emitter, gates: Value, states: Value, reverse: boolean): Value | undefined {
  const [steps, rows, width] = gates.type.shape as [number, number, number];
  const units = states.type.shape[2]!;
  if (steps === 1) return undefined;
  const count = (steps - 1) * rows;
  const late = (value: Value, columns: number) =>
    emit.op('view', [value], { offset: rows * columns, shape: [count, columns] });
  const early = (value: Value, columns: number) => emit.op('view', [value], { offset: 0, shape: [count, columns] });
  const seen = reverse ? late(states, units) : early(states, units);
  const own = reverse ? early(gates, width) : late(gates, width);
  return emit.op('matmul', [own, seen], { transposeA: true, transposeB: false });
}

/** The inputs of a gradient op: those that are given of the gradients by the two outputs, and the mask. */
export function gradientInputs(
  [byStates, byLast]: readonly (Value | undefined)[],
  mask: Value | undefined,
  reverse: boolean,
): { readonly values: Value[]; readonly attributes: GradientInputs } {
  return {
    values: [byStates, byLast, mask].filter((value) => value !== undefined),
    attributes: {
      reverse,
      byStates: byStates !== undefined,
      byLast: byLast !== undefined,
      masked: mask !== undefined,
    },
  };
}

/** Sample inputs of a gradient op after those of its own. */
export function gradientSamples({ steps, rows, units }: Recurrence, given: GradientInputs): TensorType[] {
  const type = (...shape: number[]): TensorType => ({ shape, dtype: 'f32' });
  return [
    ...(given.byStates ? [type(steps, rows, units)] : []),
    ...(given.byLast ? [type(rows, units)] : []),
    ...(given.masked ? [type(steps, rows)] : []),
  ];
}
