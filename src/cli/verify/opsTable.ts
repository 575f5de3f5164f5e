import type { Emitter } from '../../engine/ir/emitter.ts';
import type { OpName, Value } from '../../engine/ir/types.ts';
import type { CaseArguments } from './caseArguments.ts';
import { alongAxis, logSumExp, number, plus, type TorchFunction, times, unary } from './compose.ts';
import { lossTable } from './lossTable.ts';
import { movementTable } from './movementTable.ts';
import { networkTable } from './networkTable.ts';
import { Unsupported } from './unsupported.ts';

type Binary = OpName & ('add' | 'subtract' | 'multiply' | 'divide' | 'power' | 'maximum' | 'minimum');

const binary =
  (name: Binary): TorchFunction =>
  (emit, given) =>
    emit.op(name, [given.operand(0), given.operand(1)]);
/** a ± alpha·b. */
const scaled =
  (name: 'add' | 'subtract', first: number, second: number): TorchFunction =>
  (emit, given) => {
    const alpha = given.number('alpha', -1, 1);
    const other = given.operand(second);
    return emit.op(name, [
      given.operand(first),
      alpha === 1 ? other : emit.op('multiply', [other, number(emit, alpha)]),
    ]);
  };
/** Variance over axes with a correction, and the number of elements that it is taken over. */
function variance(emit: Emitter, given: CaseArguments): Value {
  const x = given.tensor(0);
  const unbiased = given.optional('unbiased', -1);
  const axes = given.axes('dim', 1, x);
  const correction = given.number('correction', -1, unbiased === false ? 0 : 1);
  const keepDims = given.flag('keepdim', -1);
  const count = axes.reduce((product, axis) => product * x.type.shape[axis]!, 1);
  if (count - correction <= 0) throw new Unsupported('a variance of too few numbers, NaN by definition');
  const centred = emit.op('subtract', [x, emit.op('mean', [x], { axes, keepDims: true })]);
  const total = emit.op('sum', [emit.op('square', [centred])], { axes, keepDims });
  return times(emit, total, 1 / (count - correction));
}

function reduction(name: 'sum' | 'mean'): TorchFunction {
  return (emit, given) => {
    if (given.optional('dtype', -1) !== undefined) throw new Unsupported('a result of another dtype');
    const x = given.tensor(0);
    return emit.op(name, [x], { axes: given.axes('dim', 1, x), keepDims: given.flag('keepdim', 2) });
  };
}

function extreme(sign: 1 | -1): TorchFunction {
  return (emit, given) => {
    const x = given.tensor(0);
    const attributes = { axes: given.axes('dim', 1, x), keepDims: given.flag('keepdim', 2) };
    if (sign === 1) return emit.op('reduceMaximum', [x], attributes);
    return emit.op('negate', [emit.op('reduceMaximum', [emit.op('negate', [x])], attributes)]);
  };
}

function matrixProduct(emit: Emitter, a: Value, b: Value): Value {
  const [left, right] = [a.type.shape, b.type.shape];
  if (left.length === 0 || right.length === 0) throw new Unsupported('a matrix product with a scalar');
  // Vectors become matrices of one row or column, which are taken off again.
  const rows = left.length === 1 ? emit.op('reshape', [a], { shape: [1, left[0]!] }) : a;
  const columns = right.length === 1 ? emit.op('reshape', [b], { shape: [right[0]!, 1] }) : b;
  const product = emit.op('matmul', [rows, columns], { transposeA: false, transposeB: false });
  const { shape } = product.type;
  const kept = shape.filter(
    (_, axis) =>
      !(left.length === 1 && axis === shape.length - 2) && !(right.length === 1 && axis === shape.length - 1),
  );
  return emit.op('reshape', [product], { shape: kept });
}

/** beta·input + alpha·product. */
function addProduct(product: (emit: Emitter, given: CaseArguments) => Value): TorchFunction {
  return (emit, given) => {
    const alpha = given.number('alpha', -1, 1);
    const beta = given.number('beta', -1, 1);
    const scaledProduct = times(emit, product(emit, given), alpha);
    return beta === 0 ? scaledProduct : plus(emit, times(emit, given.tensor(0), beta), scaledProduct);
  };
}

const logarithm =
  (base: number): TorchFunction =>
  (emit, given) =>
    times(emit, emit.op('log', [given.tensor(0)]), 1 / Math.log(base));

function hyperbolic(sign: 1 | -1): TorchFunction {
  return (emit, given) => {
    const x = given.tensor(0);
    const [up, down] = [emit.op('exp', [x]), emit.op('exp', [emit.op('negate', [x])])];
    return times(emit, emit.op(sign === 1 ? 'add' : 'subtract', [up, down]), 0.5);
  };
}

function clamp(emit: Emitter, given: CaseArguments): Value {
  const [low, high] = [given.optionalOperand('min', 1), given.optionalOperand('max', 2)];
  const raised = low ? emit.op('maximum', [given.tensor(0), low]) : given.tensor(0);
  return high ? emit.op('minimum', [raised, high]) : raised;
}

/** PyTorch's functions by name; what is not here has no counterpart among our ops. */
export const torchFunctions: Readonly<Record<string, TorchFunction>> = {
  add: scaled('add', 0, 1),
  sub: scaled('subtract', 0, 1),
  rsub: scaled('subtract', 1, 0),
  mul: binary('multiply'),
  div: binary('divide'),
  true_divide: binary('divide'),
  pow: binary('power'),
  float_power: binary('power'),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  neg: unary('negate'),
  abs: unary('abs'),
  sgn: unary('sign'),
  exp: unary('exp'),
  log: unary('log'),
  log2: logarithm(2),
  log10: logarithm(10),
  sqrt: unary('sqrt'),
  square: unary('square'),
  sin: unary('sin'),
  cos: unary('cos'),
  tanh: unary('tanh'),
  sigmoid: unary('sigmoid'),
  erf: unary('erf'),
  exp2: (emit, given) => emit.op('exp', [times(emit, given.tensor(0), Math.LN2)]),
  rsqrt: (emit, given) => emit.op('divide', [number(emit, 1), emit.op('sqrt', [given.tensor(0)])]),
  reciprocal: (emit, given) => emit.op('divide', [number(emit, 1), given.tensor(0)]),
  sinh: hyperbolic(-1),
  cosh: hyperbolic(1),
  tan: (emit, given) => emit.op('divide', [emit.op('sin', [given.tensor(0)]), emit.op('cos', [given.tensor(0)])]),
  positive: (_, given) => given.tensor(0),
  clamp,
  clamp_min: (emit, given) => emit.op('maximum', [given.operand(0), given.operand(1)]),
  clamp_max: (emit, given) => emit.op('minimum', [given.operand(0), given.operand(1)]),
  where: (emit, given) => emit.op('select', [given.tensor(1), given.operand(0), given.operand(2)]),
  lerp: (emit, given) => {
    const [start, end] = [given.tensor(0), given.tensor(1)];
    return plus(emit, start, emit.op('multiply', [given.operand(2), emit.op('subtract', [end, start])]));
  },
  addcmul: (emit, given) => {
    const product = emit.op('multiply', [given.tensor(1), given.tensor(2)]);
    return plus(emit, given.tensor(0), times(emit, product, given.number('value', -1, 1)));
  },
  addcdiv: (emit, given) => {
    const quotient = emit.op('divide', [given.tensor(1), given.tensor(2)]);
    return plus(emit, given.tensor(0), times(emit, quotient, given.number('value', -1, 1)));
  },
  hypot: (emit, given) =>
    emit.op('sqrt', [plus(emit, emit.op('square', [given.tensor(0)]), emit.op('square', [given.tensor(1)]))]),
  sum: reduction('sum'),
  mean: reduction('mean'),
  amax: extreme(1),
  amin: extreme(-1),
  argmax: (emit, given) => {
    const x = given.tensor(0);
    const dim = given.optional('dim', 1);
    if (typeof dim !== 'number' || given.flag('keepdim', 2)) throw new Unsupported('an argmax of all, or with keepdim');
    if (x.type.shape.length === 0) throw new Unsupported('an argmax of a scalar');
    return emit.op('argmax', [x], { axis: given.axis('dim', 1, x) });
  },
  argmin: (emit, given) => {
    const x = given.tensor(0);
    const dim = given.optional('dim', 1);
    if (typeof dim !== 'number' || given.flag('keepdim', 2)) throw new Unsupported('an argmin of all, or with keepdim');
    if (x.type.shape.length === 0) throw new Unsupported('an argmin of a scalar');
    return emit.op('argmax', [emit.op('negate', [x])], { axis: given.axis('dim', 1, x) });
  },
  logaddexp: (emit, given) => {
    const [a, b] = [given.tensor(0), given.tensor(1)];
    const gap = emit.op('negate', [emit.op('abs', [emit.op('subtract', [a, b])])]);
    return plus(emit, emit.op('maximum', [a, b]), emit.op('softplus', [gap]));
  },
  dist: (emit, given) => {
    const p = given.number('p', 2, 2);
    const away = emit.op('subtract', [given.tensor(0), given.tensor(1)]);
    return norm(
      emit,
      away,
      p,
      away.type.shape.map((_, axis) => axis),
      false,
    );
  },
  norm: (emit, given) => {
    const x = given.tensor(0);
    const p = given.optional('p', 1) ?? 'fro';
    if (given.optional('dtype', -1) !== undefined) throw new Unsupported('a result of another dtype');
    const axes = given.axes('dim', 2, x);
    return norm(emit, x, p === 'fro' ? 2 : given.number('p', 1, 2), axes, given.flag('keepdim', 3));
  },
  var: variance,
  std: (emit, given) => emit.op('sqrt', [variance(emit, given)]),
  logsumexp: (emit, given) => {
    const x = given.tensor(0);
    return logSumExp(emit, x, given.axes('dim', 1, x), given.flag('keepdim', 2));
  },
  softmax: alongAxis('softmax'),
  log_softmax: alongAxis('logSoftmax'),
  matmul: (emit, given) => matrixProduct(emit, given.tensor(0), given.tensor(1)),
  mm: (emit, given) => matrixProduct(emit, given.tensor(0), given.tensor(1)),
  bmm: (emit, given) => matrixProduct(emit, given.tensor(0), given.tensor(1)),
  mv: (emit, given) => matrixProduct(emit, given.tensor(0), given.tensor(1)),
  dot: (emit, given) => matrixProduct(emit, given.tensor(0), given.tensor(1)),
  vdot: (emit, given) => matrixProduct(emit, given.tensor(0), given.tensor(1)),
  inner: (emit, given) => {
    const [a, b] = [given.tensor(0), given.tensor(1)];
    if (a.type.shape.length === 0 || b.type.shape.length === 0) return emit.op('multiply', [a, b]);
    if (a.type.shape.length > 2 || b.type.shape.length > 2)
      throw new Unsupported('an inner product of more than matrices');
    const turned = b.type.shape.length === 2 ? emit.op('transpose', [b], { permutation: [1, 0] }) : b;
    return matrixProduct(emit, a, turned);
  },
  outer: (emit, given) => outer(emit, given.tensor(0), given.tensor(1)),
  addmm: addProduct((emit, given) => matrixProduct(emit, given.tensor(1), given.tensor(2))),
  addmv: addProduct((emit, given) => matrixProduct(emit, given.tensor(1), given.tensor(2))),
  baddbmm: addProduct((emit, given) => matrixProduct(emit, given.tensor(1), given.tensor(2))),
  addr: addProduct((emit, given) => outer(emit, given.tensor(1), given.tensor(2))),
  addbmm: addProduct((emit, given) =>
    emit.op('sum', [matrixProduct(emit, given.tensor(1), given.tensor(2))], { axes: [0], keepDims: false }),
  ),
  ...movementTable,
  ...networkTable,
  ...lossTable,
};

function outer(emit: Emitter, a: Value, b: Value): Value {
  return emit.op('multiply', [emit.op('reshape', [a], { shape: [a.type.shape[0]!, 1] }), b]);
}

function norm(emit: Emitter, x: Value, p: number, axes: readonly number[], keepDims: boolean): Value {
  if (p === 2) return emit.op('sqrt', [emit.op('sum', [emit.op('square', [x])], { axes, keepDims })]);
  if (p === 1) return emit.op('sum', [emit.op('abs', [x])], { axes, keepDims });
  throw new Unsupported('another norm than the first and the second');
}
