import type { Value } from '../../ir/types.ts';
import { plus, times } from '../compose.ts';
import { defineOperators, type Operator } from '../defineOperators.ts';
import type { OperatorContext } from '../operatorContext.ts';

interface Step {
  /** The learning rate, and how many updates there were before. */
  readonly rate: Value;
  readonly count: number;
  readonly weights: Value;
  /** With the derivative of the weights' own norm added. */
  readonly gradient: Value;
  readonly state: readonly Value[];
}

/** An update of any number of tensors: rate, count, then all weights, all gradients, and each kind of state. */
function optimizer(states: number, update: (node: OperatorContext, step: Step) => readonly Value[]): Operator {
  return (node) => {
    const { emit } = node;
    const tensors = (node.inputCount - 2) / (2 + states);
    if (!Number.isInteger(tensors) || tensors < 1) node.refuse(`${node.inputCount} inputs`);
    const count = node.number(1);
    const updated = Array.from({ length: tensors }, (_, i) => {
      const at = (kind: number): Value => node.input(2 + kind * tensors + i);
      const decayed = times(emit, at(0), node.float('norm_coefficient', 0));
      return update(node, {
        rate: node.input(0),
        count,
        weights: at(0),
        gradient: plus(emit, decayed, at(1)),
        state: Array.from({ length: states }, (_, kind) => at(2 + kind)),
      });
    });
    return Array.from({ length: 1 + states }, (_, kind) => updated.map((values) => values[kind] as Value)).flat();
  };
}

const mixed = (node: OperatorContext, old: Value, now: Value, share: number): Value =>
  plus(node.emit, times(node.emit, old, share), times(node.emit, now, 1 - share));

const adagrad = optimizer(1, (node, { rate, count, weights, gradient, state: [squares] }) => {
  const { emit } = node;
  const slower = times(emit, rate, 1 / (1 + count * node.float('decay_factor', 0)));
  const sum = plus(emit, squares as Value, emit.op('square', [gradient]));
  const size = plus(emit, emit.op('sqrt', [sum]), emit.fill([], node.float('epsilon', 1e-6)));
  const change = emit.op('divide', [emit.op('multiply', [slower, gradient]), size]);
  return [emit.op('subtract', [weights, change]), sum];
});

const adam = optimizer(2, (node, { rate, count, weights, gradient, state: [mean, squares] }) => {
  const { emit } = node;
  const [alpha, beta] = [node.float('alpha', 0.9), node.float('beta', 0.999)];
  const first = mixed(node, mean as Value, gradient, alpha);
  const second = mixed(node, squares as Value, emit.op('square', [gradient]), beta);
  const correction = count > 0 ? Math.sqrt(1 - beta ** count) / (1 - alpha ** count) : 1;
  const size = plus(emit, emit.op('sqrt', [second]), emit.fill([], node.float('epsilon', 1e-6)));
  const change = emit.op('multiply', [times(emit, rate, correction), emit.op('divide', [first, size])]);
  const moved = emit.op('subtract', [weights, change]);
  return [times(emit, moved, 1 - node.float('norm_coefficient_post', 0)), first, second];
});

const momentum = optimizer(1, (node, { rate, count, weights, gradient, state: [velocity] }) => {
  const { emit } = node;
  const alpha = node.float('alpha', 0);
  const fresh = times(emit, gradient, count > 0 ? node.float('beta', 0) : 1);
  const next = plus(emit, times(emit, velocity as Value, alpha), fresh);
  const nesterov = node.text('mode', 'standard') === 'nesterov';
  const direction = nesterov ? plus(emit, gradient, times(emit, next, alpha)) : next;
  return [emit.op('subtract', [weights, emit.op('multiply', [rate, direction])]), next];
});

/** https://onnx.ai/onnx/operators/ — updates of weights, in the domain for training. */
export default defineOperators('computes', {
  'ai.onnx.preview.training:Adagrad': adagrad,
  'ai.onnx.preview.training:Adam': adam,
  'ai.onnx.preview.training:Momentum': momentum,
});
