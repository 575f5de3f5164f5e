import { sizeOf } from '../../ir/shape.ts';
import type { Value } from '../../ir/types.ts';
import { access, broadcastAccess, term } from '../../kernels/access.ts';
import { binary, constant, index, load, multiply, negate, select } from '../../kernels/expression.ts';
import { allAxes, reduce } from '../compose.ts';
import { defineOperators, type OperatorResult } from '../defineOperators.ts';
import type { OperatorContext } from '../operatorContext.ts';

/** −weight·log p of the right class of each place: x [N, C, …] are log-probabilities, the target [N, …] class numbers. */
function likelihoodLoss(node: OperatorContext, x: Value): Value {
  const { emit } = node;
  const target = node.input(1);
  const { shape } = x.type;
  const ignored = node.attribute('ignore_index')?.integer;
  const classes = shape[1] as number;
  const weights = node.optional(2) ?? emit.fill([classes], 1);
  const places = shape.flatMap((_, axis) => (axis === 1 ? [] : [{ terms: [term(axis)] }]));
  const loads = [
    broadcastAccess(0, shape, shape),
    access(1, target.type.shape, shape, places),
    access(2, [classes], shape, [{ terms: [term(1)] }]),
  ];
  const right = binary('equal', index(1), load(1));
  const counts = ignored === undefined ? right : multiply(right, binary('notEqual', load(1), constant(ignored)));
  const outputs = [
    select(counts, multiply(negate(load(0)), load(2)), constant(0)),
    select(counts, load(2), constant(0)),
  ];
  const [losses, shares] = emit.ops('compute', [x, target, weights], {
    spec: { kind: 'map', dims: shape, loads, outputs },
  }) as [Value, Value];
  const each = reduce(emit, losses, 'sum', [1], false);
  const total = (value: Value): Value => reduce(emit, value, 'sum', allAxes(value), false);
  switch (node.text('reduction', 'mean')) {
    case 'none':
      return each;
    case 'sum':
      return total(each);
    case 'mean':
      return emit.op('divide', [total(each), total(shares)]);
    default:
      return node.unsupported(`reduction ${node.text('reduction', 'mean')}`);
  }
}

function crossEntropy(node: OperatorContext): OperatorResult[] {
  const x = node.input(0);
  if (sizeOf(x.type.shape) === 0) node.unsupported('no scores');
  const logarithms = node.emit.op('logSoftmax', [x], { axis: 1 });
  return [likelihoodLoss(node, logarithms), logarithms];
}

/** https://onnx.ai/onnx/operators/ — losses of class numbers. */
export default defineOperators('computes', {
  NegativeLogLikelihoodLoss: (node) => likelihoodLoss(node, node.input(0)),
  SoftmaxCrossEntropyLoss: crossEntropy,
});
