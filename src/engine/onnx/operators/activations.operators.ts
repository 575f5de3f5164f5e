import type { Value } from '../../ir/types.ts';
import {
  add,
  binary,
  constant,
  divide,
  type Expression,
  exp,
  load,
  multiply,
  negate,
  select,
  subtract,
  unary,
} from '../../kernels/expression.ts';
import { plus, pointwise, times } from '../compose.ts';
import { defineOperators, type Operator } from '../defineOperators.ts';
import type { OperatorContext } from '../operatorContext.ts';

const x = load(0);
const positive = binary('greater', x, constant(0));
const sigmoid = (a: Expression): Expression => divide(constant(1), add(constant(1), exp(negate(a))));
const clamp = (a: Expression, low: number, high: number): Expression =>
  binary('maximum', constant(low), binary('minimum', constant(high), a));

/** An op of ours that takes the input alone. */
const one =
  (name: 'relu' | 'sigmoid' | 'tanh' | 'softplus'): Operator =>
  (node) =>
    node.emit.op(name, [node.input(0)]);

const formula =
  (make: (node: OperatorContext) => Expression): Operator =>
  (node) =>
    pointwise(node.emit, [node.input(0)], make(node));

function gelu(node: OperatorContext): Value {
  const { emit } = node;
  const given = node.input(0);
  if (node.text('approximate', 'none') === 'none') return emit.op('gelu', [given]);
  const cube = emit.op('multiply', [emit.op('square', [given]), given]);
  const inner = times(emit, plus(emit, given, times(emit, cube, 0.044715)), Math.sqrt(2 / Math.PI));
  const half = times(emit, plus(emit, emit.op('tanh', [inner]), emit.fill([], 1)), 0.5);
  return emit.op('multiply', [given, half]);
}

/** https://onnx.ai/onnx/operators/ — the functions that networks have between their layers. */
export default defineOperators('computes', {
  Relu: one('relu'),
  Sigmoid: one('sigmoid'),
  Tanh: one('tanh'),
  Softplus: one('softplus'),
  Gelu: gelu,
  Elu: (node) => node.emit.op('elu', [node.input(0)], { alpha: node.float('alpha', 1) }),
  LeakyRelu: (node) => node.emit.op('leakyRelu', [node.input(0)], { slope: node.float('alpha', 0.01) }),
  PRelu: (node) => pointwise(node.emit, node.inputs(), select(binary('less', x, constant(0)), multiply(x, load(1)), x)),
  Selu: formula((node) => {
    const alpha = node.float('alpha', 1.6732632423543772);
    const gamma = node.float('gamma', 1.0507009873554805);
    return multiply(constant(gamma), select(positive, x, multiply(constant(alpha), unary('expm1', x))));
  }),
  Celu: formula((node) => {
    const alpha = constant(node.float('alpha', 1));
    return select(positive, x, multiply(alpha, unary('expm1', divide(x, alpha))));
  }),
  Softsign: formula(() => divide(x, add(constant(1), unary('abs', x)))),
  HardSigmoid: formula((node) =>
    clamp(add(multiply(x, constant(node.float('alpha', 0.2))), constant(node.float('beta', 0.5))), 0, 1),
  ),
  HardSwish: formula(() => multiply(x, clamp(add(multiply(x, constant(1 / 6)), constant(0.5)), 0, 1))),
  Mish: (node) => {
    const { emit } = node;
    return emit.op('multiply', [node.input(0), emit.op('tanh', [emit.op('softplus', [node.input(0)])])]);
  },
  ThresholdedRelu: formula((node) => select(binary('greater', x, constant(node.float('alpha', 1))), x, constant(0))),
  Shrink: formula((node) => {
    const lambda = node.float('lambd', 0.5);
    const bias = constant(node.float('bias', 0));
    const below = binary('less', x, constant(-lambda));
    return select(below, add(x, bias), select(binary('greater', x, constant(lambda)), subtract(x, bias), constant(0)));
  }),
  Swish: formula((node) => multiply(x, sigmoid(multiply(x, constant(node.float('alpha', 1)))))),
  SwiGLU: (node) => {
    const swish = multiply(x, sigmoid(multiply(x, constant(node.float('alpha', 1)))));
    return pointwise(node.emit, node.inputs(), multiply(swish, load(1)));
  },
});
