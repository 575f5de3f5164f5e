import { f32, formatShape, sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { type Access, access, term } from '../kernels/access.ts';
import { add, constant, divide, load, multiply, sqrt, stage, subtract } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { forEachGroup, offsetsOf } from './reduction.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    batchNorm: { readonly epsilon: number };
  }
}

/**
 * Normalization of x [N, C, …] over all axes but the channels, then scale and shift [C]. Outputs: y, the mean [C] and the
 * biased variance [C]: https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 */
export default defineOp({
  name: 'batchNorm',
  infer: ([x, weight, bias]) => {
    const channels = x!.shape[1];
    if (
      channels === undefined ||
      [weight, bias].some((each) => each!.shape.length !== 1 || each!.shape[0] !== channels)
    ) {
      throw new RangeError(
        `expected x [N, C, …] and two of [C], got ${[x, weight, bias].map((each) => formatShape(each!.shape)).join(', ')}`,
      );
    }
    return [f32(...x!.shape), f32(channels), f32(channels)];
  },
  reference: ([x, weight, bias], { epsilon }) => {
    const { shape } = x!.type;
    const y = new Float32Array(sizeOf(shape));
    const means = new Float32Array(shape[1]!);
    const variances = new Float32Array(shape[1]!);
    const others = otherAxes(shape);
    const along = offsetsOf(shape, others);
    const starts = offsetsOf(shape, [1]);
    forEachGroup(x!, others, (channel, elements) => {
      const mean = elements.reduce((sum, element) => sum + element, 0) / elements.length;
      const variance = elements.reduce((sum, element) => sum + (element - mean) ** 2, 0) / elements.length;
      const gain = weight!.data[channel]! / Math.sqrt(variance + epsilon);
      for (const [i, offset] of along.entries())
        y[starts[channel]! + offset] = (elements[i]! - mean) * gain + bias!.data[channel]!;
      means[channel] = mean;
      variances[channel] = variance;
    });
    return [y, means, variances];
  },
  gradient: ({ emit, inputs: [x, weight], outputs: [, mean, variance], outputGradients: [dy], attributes }) =>
    emit.ops('batchNormGradient', [x!, weight!, mean!, variance!, dy!], attributes),
  auxiliaryOutputs: [1, 2],
  lower: ([x, weight, bias], { epsilon }) => {
    const { dims, read, perChannel, order } = channelLoops(x!.shape);
    const share = constant(1 / sizeOf(dims.slice(1)));
    const mean = multiply(stage(0), share);
    const variance = multiply(stage(1), share);
    const centred = subtract(load(0), mean);
    const gain = divide(load(1), sqrt(add(variance, constant(epsilon))));
    return {
      kind: 'reduce',
      dims,
      inner: dims.length - 1,
      loads: [read(0), perChannel(1, weight!.shape), perChannel(2, bias!.shape)],
      stages: [
        { combine: 'sum', value: load(0) },
        { combine: 'sum', value: multiply(centred, centred) },
      ],
      outputs: [
        { over: 'all', order, value: add(multiply(centred, gain), load(2)) },
        { over: 'outer', order: [0], value: mean },
        { over: 'outer', order: [0], value: variance },
      ],
    };
  },
  samples: [
    { inputs: [f32(4, 3), f32(3), f32(3)], attributes: { epsilon: 1e-5 } },
    { inputs: [f32(2, 3, 4, 5), f32(3), f32(3)], attributes: { epsilon: 1e-3 } },
  ],
});

/** Loops of a kernel that reduces everything but the channels: channel first, the other axes in their order. */
export function channelLoops(shape: Shape): {
  readonly dims: number[];
  /** Where each axis of the tensor stands among the dims. */
  readonly order: number[];
  readonly read: (operand: number) => Access;
  readonly perChannel: (operand: number, own: Shape) => Access;
} {
  const axes = [1, ...otherAxes(shape)];
  const dims = axes.map((axis) => shape[axis]!);
  const order = shape.map((_, axis) => axes.indexOf(axis));
  return {
    dims,
    order,
    read: (operand) =>
      access(
        operand,
        shape,
        dims,
        order.map((dim) => ({ terms: [term(dim)] })),
      ),
    perChannel: (operand, own) => access(operand, own, dims, [{ terms: [term(0)] }]),
  };
}

/** All axes but the channels. */
export function otherAxes(shape: Shape): number[] {
  return shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
}
