import { defineLayer } from '../defineLayer.ts';
import { pythonCall } from '../python.ts';
import {
  comparedTarget,
  inferComparison,
  kerasComparison,
  lossWeightParameter,
  pytorchComparison,
  targetParameter,
} from './comparison.ts';

const parameters = {
  target: targetParameter,
  reduction: {
    kind: 'choice',
    default: 'mean',
    choices: ['mean', 'batchmean', 'sum'],
    help: 'Over all numbers, or (batchmean, what the divergence is) summed for a sample and averaged over samples.',
  },
  logTarget: { kind: 'boolean', default: false, help: 'Whether the target is given as log-probabilities too.' },
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    KLDivLoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html */
export default defineLayer({
  type: 'KLDivLoss',
  title: 'KLDivLoss',
  category: 'Loss',
  icon: 'chart-spline',
  help: {
    summary:
      'How far one distribution is from another (Kullback–Leibler): the input as log-probabilities, the target as probabilities.',
    shapes: 'log-probabilities and target [N, …] → scalar, mean target · (log target − input)',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  wants: {
    layers: ['LogSoftmax'],
    insert: 'LogSoftmax',
    message: 'KLDivLoss expects log-probabilities: put a LogSoftmax before it.',
  },
  infer: ([input], { target }, data) => inferComparison('KLDivLoss', input!, target, data, 'shares'),
  lower({ emit, inputs, parameters, target }) {
    const x = inputs[0]!;
    const wanted = comparedTarget(emit, x, target!, parameters.target);
    const axes = x.type.shape.map((_, axis) => axis);
    let each = emit.op('multiply', [emit.op('exp', [wanted]), emit.op('subtract', [wanted, x])]);
    if (!parameters.logTarget) {
      // 0 · log 0 counts as 0.
      const zero = emit.fill([], 0);
      const own = emit.op('multiply', [wanted, emit.op('log', [wanted])]);
      const entropy = emit.op('select', [emit.op('equal', [wanted, zero]), zero, own]);
      each = emit.op('subtract', [entropy, emit.op('multiply', [wanted, x])]);
    }
    if (parameters.reduction === 'mean') return [emit.op('mean', [each], { axes, keepDims: false })];
    const total = emit.op('sum', [each], { axes, keepDims: false });
    if (parameters.reduction === 'sum') return [total];
    return [emit.op('multiply', [total, emit.fill([], 1 / x.type.shape[0]!)])];
  },
  prediction: (emit, input) => emit.op('exp', [input]),
  emit: {
    pytorch: (context) => ({
      make: pythonCall('nn.KLDivLoss', [], {
        reduction: [{ source: `"${context.parameters.reduction}"` }, { source: '"mean"' }],
        log_target: [context.parameters.logTarget, false],
      }),
      ...pytorchComparison(context),
    }),
    keras: (context) => {
      const { reduction, logTarget } = context.parameters;
      const each = logTarget
        ? 'ops.exp(y) * (y - x)'
        : 'ops.where(y > 0, y * ops.log(ops.maximum(y, 1e-38)), 0) - y * x';
      const reduced =
        reduction === 'mean'
          ? `ops.mean(${each})`
          : reduction === 'sum'
            ? `ops.sum(${each})`
            : `ops.sum(${each}) / ops.shape(x)[0]`;
      return {
        make: `lambda y, x: ${reduced}`,
        ...kerasComparison(context),
        apply: (loss, [x, y]) => `(${loss})(${y}, ${x})`,
      };
    },
  },
  samples: [
    { inputs: [[3]], parameters: {}, data: { sample: [2], classes: 3 } },
    {
      inputs: [[16]],
      parameters: { target: 'input', reduction: 'batchmean' },
      data: { sample: [1, 4, 4], classes: 10 },
    },
    { inputs: [[8]], parameters: { target: 'input', logTarget: true }, data: { sample: [8], classes: 0 } },
  ],
});
