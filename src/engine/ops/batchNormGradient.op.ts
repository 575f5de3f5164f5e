import { f32, sizeOf } from '../ir/shape.ts';
import { add, constant, divide, load, multiply, sqrt, stage, subtract } from '../kernels/expression.ts';
import { channelLoops, otherAxes } from './batchNorm.op.ts';
import { defineOp } from './defineOp.ts';
import { forEachGroup, offsetsOf } from './reduction.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    batchNormGradient: { readonly epsilon: number };
  }
}

/**
 * Gradients of batchNorm by x, weight and bias, from x, weight, mean, biased variance and dy (Ioffe and Szegedy 2015,
 * section 3): https://arxiv.org/abs/1502.03167
 */
export default defineOp({
  name: 'batchNormGradient',
  infer: ([x, weight]) => [f32(...x!.shape), f32(...weight!.shape), f32(...weight!.shape)],
  reference: ([x, weight, mean, variance, dy], { epsilon }) => {
    const { shape } = x!.type;
    const dx = new Float32Array(sizeOf(shape));
    const dWeight = new Float32Array(shape[1]!);
    const dBias = new Float32Array(shape[1]!);
    const others = otherAxes(shape);
    const along = offsetsOf(shape, others);
    const starts = offsetsOf(shape, [1]);
    forEachGroup(x!, others, (channel, elements) => {
      const deviation = Math.sqrt(variance!.data[channel]! + epsilon);
      const slopes = along.map((offset) => dy!.data[starts[channel]! + offset]!);
      const normal = elements.map((element) => (element - mean!.data[channel]!) / deviation);
      const sum = slopes.reduce((total, slope) => total + slope, 0);
      const product = slopes.reduce((total, slope, i) => total + slope * normal[i]!, 0);
      for (const [i, offset] of along.entries()) {
        const rest = (sum + normal[i]! * product) / elements.length;
        dx[starts[channel]! + offset] = (weight!.data[channel]! / deviation) * (slopes[i]! - rest);
      }
      dWeight[channel] = product;
      dBias[channel] = sum;
    });
    return [dx, dWeight, dBias];
  },
  gradient: 'none',
  lower: ([x, weight, mean, variance], { epsilon }) => {
    const { dims, read, perChannel, order } = channelLoops(x!.shape);
    const share = constant(1 / sizeOf(dims.slice(1)));
    const deviation = sqrt(add(load(3), constant(epsilon)));
    const normal = divide(subtract(load(0), load(2)), deviation);
    const rest = multiply(add(stage(0), multiply(normal, stage(1))), share);
    return {
      kind: 'reduce',
      dims,
      inner: dims.length - 1,
      loads: [
        read(0),
        perChannel(1, weight!.shape),
        perChannel(2, mean!.shape),
        perChannel(3, variance!.shape),
        read(4),
      ],
      stages: [
        { combine: 'sum', value: load(4) },
        { combine: 'sum', value: multiply(load(4), normal) },
      ],
      outputs: [
        { over: 'all', order, value: multiply(divide(load(1), deviation), subtract(load(4), rest)) },
        { over: 'outer', order: [0], value: stage(1) },
        { over: 'outer', order: [0], value: stage(0) },
      ],
    };
  },
  samples: [
    {
      inputs: [f32(4, 3), f32(3), f32(3), f32(3), f32(4, 3)],
      attributes: { epsilon: 1e-5 },
      draw: ['normal', 'normal', 'normal', 'positive', 'normal'],
    },
  ],
});
