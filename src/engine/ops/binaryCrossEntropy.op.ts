import { f32, sizeOf } from '../ir/shape.ts';
import type { Value } from '../ir/types.ts';
import { add, binary, constant, load, log, multiply, negate, subtract } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { meanLoss } from './meanLoss.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    binaryCrossEntropy: Record<string, never>;
  }
}

const clampedLog = (value: Parameters<typeof log>[0]) => binary('maximum', log(value), constant(-100));

/**
 * Mean of −t·log p − (1 − t)·log(1 − p) for probabilities p, logarithms not below −100:
 * https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
 */
export default defineOp({
  name: 'binaryCrossEntropy',
  ...meanLoss({
    reference: (p, t) => -(t * Math.max(Math.log(p), -100) + (1 - t) * Math.max(Math.log(1 - p), -100)),
    expression: negate(
      add(
        multiply(load(1), clampedLog(load(0))),
        multiply(subtract(constant(1), load(1)), clampedLog(subtract(constant(1), load(0)))),
      ),
    ),
  }),
  // (p − t) / max(p·(1 − p), 1e-12), as PyTorch's binary_cross_entropy_backward.
  gradient: ({ emit, inputs: [p, t], outputGradients: [dy], needs }) => {
    const one = emit.fill([], 1);
    const slope = emit.op('multiply', [dy!, emit.fill([], 1 / sizeOf(p!.type.shape))]);
    const spread = emit.op('maximum', [
      emit.op('multiply', [p!, emit.op('subtract', [one, p!])]),
      emit.fill([], 1e-12),
    ]);
    const byP = emit.op('divide', [emit.op('multiply', [slope, emit.op('subtract', [p!, t!])]), spread]);
    const logarithm = (value: Value) => emit.op('maximum', [emit.op('log', [value]), emit.fill([], -100)]);
    const byTarget = () => emit.op('subtract', [logarithm(emit.op('subtract', [one, p!])), logarithm(p!)]);
    return [byP, needs(1) ? emit.op('multiply', [slope, byTarget()]) : undefined];
  },
  samples: [{ inputs: [f32(3, 5), f32(3, 5)], attributes: {}, draw: ['unit', 'unit'] }],
});
