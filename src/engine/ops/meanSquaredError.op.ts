import { f32, sizeOf } from '../ir/shape.ts';
import { load, multiply, subtract } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { meanLoss } from './meanLoss.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    meanSquaredError: Record<string, never>;
  }
}

const difference = subtract(load(0), load(1));

/** Mean of (x − target)²: https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html */
export default defineOp({
  name: 'meanSquaredError',
  ...meanLoss({ reference: (x, target) => (x - target) ** 2, expression: multiply(difference, difference) }),
  gradient: ({ emit, inputs: [x, target], outputGradients: [dy], needs }) => {
    const slope = emit.op('multiply', [dy!, emit.fill([], 2 / sizeOf(x!.type.shape))]);
    const byX = emit.op('multiply', [emit.op('subtract', [x!, target!]), slope]);
    return [byX, needs(1) ? emit.op('negate', [byX]) : undefined];
  },
  samples: [{ inputs: [f32(3, 5), f32(3, 5)], attributes: {} }],
});
