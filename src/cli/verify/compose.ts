import type { Emitter } from '../../engine/ir/emitter.ts';
import { sizeOf } from '../../engine/ir/shape.ts';
import type { OpName, Shape, Value } from '../../engine/ir/types.ts';
import type { CaseArguments } from './caseArguments.ts';
import { Unsupported } from './unsupported.ts';

/** How one of PyTorch's functions is written with our ops: from a case's arguments to its outputs. */
export type TorchFunction = (emit: Emitter, given: CaseArguments) => Value | readonly Value[];

type Unary = OpName &
  ('negate' | 'abs' | 'exp' | 'log' | 'sqrt' | 'square' | 'sin' | 'cos' | 'tanh' | 'sigmoid' | 'erf' | 'sign');
export const number = (emit: Emitter, value: number): Value => emit.fill([], value);
export const unary =
  (name: Unary): TorchFunction =>
  (emit, given) =>
    emit.op(name, [given.tensor(0)]);
export const times = (emit: Emitter, a: Value, factor: number): Value => emit.op('multiply', [a, number(emit, factor)]);
export const plus = (emit: Emitter, a: Value, b: Value): Value => emit.op('add', [a, b]);

/** log Σ exp without overflow, over some axes. */
export function logSumExp(emit: Emitter, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const most = emit.op('stopGradient', [emit.op('reduceMaximum', [x], { axes, keepDims: true })]);
  const sum = emit.op('sum', [emit.op('exp', [emit.op('subtract', [x, most])])], { axes, keepDims: true });
  const result = plus(emit, emit.op('log', [sum]), most);
  const shape = x.type.shape.filter((_, axis) => !axes.includes(axis));
  return keepDims ? result : emit.op('reshape', [result], { shape });
}

/** Over one axis, with a dtype left out. */
export function alongAxis(name: 'softmax' | 'logSoftmax', sign = 1): TorchFunction {
  return (emit, given) => {
    if (given.optional('dtype', 2) !== undefined) throw new Unsupported('a result of another dtype');
    const x = given.tensor(0);
    if (x.type.shape.length === 0) throw new Unsupported('a softmax of a scalar');
    const axis = given.axis('dim', 1, x);
    return emit.op(name, [sign === 1 ? x : emit.op('negate', [x])], { axis });
  };
}

export function expanded(emit: Emitter, x: Value, shape: Shape): Value {
  return sizeOf(shape) === sizeOf(x.type.shape)
    ? emit.op('reshape', [x], { shape })
    : emit.op('expand', [x], { shape });
}
