import type { Emitter } from '../../engine/ir/emitter.ts';
import type { Value } from '../../engine/ir/types.ts';
import type { CaseArguments } from './caseArguments.ts';
import { number, plus, type TorchFunction, times } from './compose.ts';
import { Unsupported } from './unsupported.ts';

/** Applies `reduction` and weights to the loss of each element. */
function reduced(emit: Emitter, each: Value, given: CaseArguments): Value {
  const axes = each.type.shape.map((_, axis) => axis);
  switch (given.text('reduction', -1, 'mean')) {
    case 'none':
      return each;
    case 'sum':
      return emit.op('sum', [each], { axes, keepDims: false });
    case 'mean':
      return emit.op('mean', [each], { axes, keepDims: false });
    case 'batchmean':
      return times(emit, emit.op('sum', [each], { axes, keepDims: false }), 1 / each.type.shape[0]!);
    default:
      throw new Unsupported(`reduction ${given.text('reduction', -1, 'mean')}`);
  }
}

function elementwise(each: (emit: Emitter, x: Value, target: Value, given: CaseArguments) => Value): TorchFunction {
  return (emit, given) => {
    if (given.optional('size_average', -1) !== undefined || given.optional('reduce', -1) !== undefined) {
      throw new Unsupported('arguments that PyTorch has given up');
    }
    const loss = each(emit, given.tensor(0), given.tensor(1), given);
    const weight = given.optional('weight', 2) === undefined ? undefined : given.tensor(2, 'weight');
    return reduced(emit, weight ? emit.op('multiply', [loss, weight]) : loss, given);
  };
}

const difference = (emit: Emitter, a: Value, b: Value): Value => emit.op('subtract', [a, b]);
const absolute = (emit: Emitter, a: Value, b: Value): Value => emit.op('abs', [difference(emit, a, b)]);

/** Quadratic up to `bound`, then straight; scaled by `scale`. */
function rounded(emit: Emitter, a: Value, b: Value, bound: number, scale: number): Value {
  const size = absolute(emit, a, b);
  const square = times(emit, emit.op('square', [size]), 0.5 * scale);
  const line = times(emit, emit.op('subtract', [size, number(emit, 0.5 * bound)]), bound * scale);
  return emit.op('select', [emit.op('less', [size, number(emit, bound)]), square, line]);
}

function plain(given: CaseArguments): { scores: Value; labels: Value } {
  const [scores, labels] = [given.tensor(0), given.tensor(1)];
  if (labels.type.dtype !== 'i32') throw new Unsupported('targets that are probabilities');
  if (scores.type.shape.length !== 2) throw new Unsupported('scores that are not [N, C]');
  for (const name of ['weight', 'ignore_index', 'label_smoothing']) {
    if (given.optional(name, -1) !== undefined) throw new Unsupported(`${name}, which the layer has and not the op`);
  }
  if (given.text('reduction', -1, 'mean') !== 'mean') throw new Unsupported('a loss of each sample');
  return { scores, labels };
}

export const lossTable: Readonly<Record<string, TorchFunction>> = {
  'nn.functional.mse_loss': elementwise((emit, x, y) => emit.op('square', [difference(emit, x, y)])),
  'nn.functional.l1_loss': elementwise(absolute),
  'nn.functional.smooth_l1_loss': elementwise((emit, x, y, given) => {
    const beta = given.number('beta', -1, 1);
    return beta === 0 ? absolute(emit, x, y) : rounded(emit, x, y, beta, 1 / beta);
  }),
  'nn.functional.huber_loss': elementwise((emit, x, y, given) => rounded(emit, x, y, given.number('delta', -1, 1), 1)),
  'nn.functional.kl_div': elementwise((emit, x, y, given) => {
    if (given.flag('log_target', -1)) {
      return emit.op('multiply', [emit.op('exp', [y]), difference(emit, y, x)]);
    }
    // 0·log 0 is 0 there.
    const log = emit.op('log', [emit.op('maximum', [y, number(emit, 1e-37)])]);
    return emit.op('multiply', [y, difference(emit, log, x)]);
  }),
  'nn.functional.binary_cross_entropy': elementwise((emit, x, y) => {
    const log = (value: Value) => emit.op('maximum', [emit.op('log', [value]), number(emit, -100)]);
    const not = (value: Value) => emit.op('subtract', [number(emit, 1), value]);
    const likely = emit.op('multiply', [y, log(x)]);
    return emit.op('negate', [plus(emit, likely, emit.op('multiply', [not(y), log(not(x))]))]);
  }),
  'nn.functional.binary_cross_entropy_with_logits': elementwise((emit, x, y, given) => {
    const weight = given.optional('pos_weight', -1) === undefined ? undefined : given.tensor(-1, 'pos_weight');
    const not = emit.op('subtract', [number(emit, 1), y]);
    const softened = emit.op('softplus', [emit.op('negate', [x])]);
    if (!weight) return plus(emit, emit.op('multiply', [not, x]), softened);
    const factor = plus(
      emit,
      emit.op('multiply', [emit.op('subtract', [weight, number(emit, 1)]), y]),
      number(emit, 1),
    );
    return plus(emit, emit.op('multiply', [not, x]), emit.op('multiply', [factor, softened]));
  }),
  'nn.functional.soft_margin_loss': elementwise((emit, x, y) =>
    emit.op('softplus', [emit.op('negate', [emit.op('multiply', [x, y])])]),
  ),
  'nn.functional.poisson_nll_loss': elementwise((emit, x, y, given) => {
    if (given.flag('full', -1)) throw new Unsupported("Stirling's term");
    if (given.flag('log_input', -1, true)) {
      return difference(emit, emit.op('exp', [x]), emit.op('multiply', [y, x]));
    }
    const log = emit.op('log', [plus(emit, x, number(emit, given.number('eps', -1, 1e-8)))]);
    return difference(emit, x, emit.op('multiply', [y, log]));
  }),
  'nn.functional.cross_entropy': (emit, given) => {
    const { scores, labels } = plain(given);
    return emit.op('sum', [emit.op('crossEntropy', [scores, labels])], { axes: [0], keepDims: false });
  },
};
