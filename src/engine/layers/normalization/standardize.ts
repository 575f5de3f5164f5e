import type { Emitter } from '../../ir/emitter.ts';
import type { Value } from '../../ir/types.ts';
import type { WeightSpec } from '../defineLayer.ts';

/** x at mean 0 and variance 1 over some axes: (x − mean) / √(variance + eps), with the biased variance. */
export function standardized(emit: Emitter, x: Value, axes: readonly number[], eps: number): Value {
  const centred = emit.op('subtract', [x, emit.op('mean', [x], { axes, keepDims: true })]);
  const variance = emit.op('mean', [emit.op('square', [centred])], { axes, keepDims: true });
  return emit.op('divide', [centred, emit.op('sqrt', [emit.op('add', [variance, emit.fill([], eps)])])]);
}

/** A scale of 1 and a shift of 0 for each channel. */
export function channelWeights(channels: number): WeightSpec[] {
  return [
    { name: 'weight', shape: [channels], initial: { kind: 'constant', value: 1 }, trainable: true },
    { name: 'bias', shape: [channels], initial: { kind: 'constant', value: 0 }, trainable: true },
  ];
}

/** Scales and shifts the channels of [N, C, …], where there are weights for that. */
export function perChannel(emit: Emitter, x: Value, weights: Readonly<Record<string, Value>>): Value {
  if (!weights.weight || !weights.bias) return x;
  const shape = [x.type.shape[1]!, ...x.type.shape.slice(2).map(() => 1)];
  const [scale, shift] = [weights.weight, weights.bias].map((weight) => emit.op('reshape', [weight], { shape }));
  return emit.op('add', [emit.op('multiply', [x, scale!]), shift!]);
}
