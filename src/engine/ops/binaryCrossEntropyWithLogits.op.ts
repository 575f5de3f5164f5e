import { f32, sizeOf } from '../ir/shape.ts';
import { add, binary, constant, exp, load, multiply, negate, subtract, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { meanLoss } from './meanLoss.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    binaryCrossEntropyWithLogits: Record<string, never>;
  }
}

/**
 * Mean binary cross-entropy of logits, max(x, 0) − x·t + log(1 + e^−|x|):
 * https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 */
export default defineOp({
  name: 'binaryCrossEntropyWithLogits',
  ...meanLoss({
    reference: (x, t) => Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x))),
    expression: add(
      subtract(binary('maximum', load(0), constant(0)), multiply(load(0), load(1))),
      unary('log1p', exp(negate(unary('abs', load(0))))),
    ),
  }),
  gradient: ({ emit, inputs: [x, t], outputGradients: [dy], needs }) => {
    const slope = emit.op('multiply', [dy!, emit.fill([], 1 / sizeOf(x!.type.shape))]);
    const byTarget = needs(1) ? emit.op('negate', [emit.op('multiply', [slope, x!])]) : undefined;
    return [emit.op('multiply', [slope, emit.op('subtract', [emit.op('sigmoid', [x!]), t!])]), byTarget];
  },
  samples: [{ inputs: [f32(3, 5), f32(3, 5)], attributes: {}, draw: ['normal', 'unit'] }],
});
