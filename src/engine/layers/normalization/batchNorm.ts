import type { Value } from '../../ir/types.ts';
import type { LowerContext, WeightSpec } from '../defineLayer.ts';
import { complement, pythonCall } from '../python.ts';

/** What BatchNorm1d and BatchNorm2d share: Ioffe and Szegedy 2015, with PyTorch's conventions. */
export const parameters = {
  momentum: {
    kind: 'number',
    default: 0.1,
    min: 0,
    max: 1,
    step: 0.01,
    help: 'Share of the batch in each update of the running mean and variance.',
  },
  eps: { kind: 'number', default: 1e-5, min: 1e-12, step: 1e-5, help: 'Added to the variance, against division by 0.' },
  affine: { kind: 'boolean', default: true, help: 'Learns a scale and a shift for each channel.' },
} as const;

type Schema = typeof parameters;

export function batchNormWeights(channels: number, affine: boolean): WeightSpec[] {
  const weight = (name: string, value: number, trainable: boolean): WeightSpec => ({
    name,
    shape: [channels],
    initial: { kind: 'constant', value },
    trainable,
  });
  return [
    ...(affine ? [weight('weight', 1, true), weight('bias', 0, true)] : []),
    weight('running_mean', 0, false),
    weight('running_var', 1, false),
  ];
}

/** Normalizes over the batch and updates the running statistics in training; uses those in evaluation. */
export function lowerBatchNorm({ emit, inputs, parameters, weights, mode, update }: LowerContext<Schema>): Value {
  const x = inputs[0]!;
  const [batch, channels, ...space] = x.type.shape as [number, number, ...number[]];
  const scale = weights.weight ?? emit.fill([channels], 1);
  const shift = weights.bias ?? emit.fill([channels], 0);
  const runningMean = weights.running_mean!;
  const runningVariance = weights.running_var!;
  if (mode === 'train') {
    const [y, mean, variance] = emit.ops('batchNorm', [x, scale, shift], { epsilon: parameters.eps });
    const count = space.reduce((product, extent) => product * extent, batch);
    const towards = (old: Value, now: Value, factor: number): Value =>
      emit.op('add', [
        emit.op('multiply', [old, emit.fill([], 1 - parameters.momentum)]),
        emit.op('multiply', [now, emit.fill([], parameters.momentum * factor)]),
      ]);
    update('running_mean', towards(runningMean, mean!, 1));
    // The running variance is the unbiased one; a batch of one number has none, and counts as it is.
    update('running_var', towards(runningVariance, variance!, count / Math.max(count - 1, 1)));
    return y!;
  }
  const perChannel = (value: Value): Value =>
    space.length === 0 ? value : emit.op('reshape', [value], { shape: [channels, ...space.map(() => 1)] });
  const deviation = emit.op('sqrt', [emit.op('add', [runningVariance, emit.fill([], parameters.eps)])]);
  const gain = emit.op('divide', [scale, deviation]);
  const centred = emit.op('subtract', [x, perChannel(runningMean)]);
  return emit.op('add', [emit.op('multiply', [centred, perChannel(gain)]), perChannel(shift)]);
}

export function pytorchBatchNorm(
  type: string,
  channels: number,
  given: { readonly momentum: number; readonly eps: number; readonly affine: boolean },
): string {
  return pythonCall(`nn.${type}`, [channels], {
    eps: [given.eps, 1e-5],
    momentum: [given.momentum, 0.1],
    affine: [given.affine, true],
  });
}

export function kerasBatchNorm(
  axis: number,
  given: { readonly momentum: number; readonly eps: number; readonly affine: boolean },
): string {
  return pythonCall('layers.BatchNormalization', [], {
    axis: [axis, -1],
    momentum: [complement(given.momentum), 0.99],
    epsilon: [given.eps, 1e-3],
    center: [given.affine, true],
    scale: [given.affine, true],
  });
}
