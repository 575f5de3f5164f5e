import { f32 } from '../ir/shape.ts';
import { add, constant, divide, exp, load, negate } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    sigmoid: Record<string, never>;
  }
}

/** 1 / (1 + e⁻ˣ): https://docs.pytorch.org/docs/stable/generated/torch.sigmoid.html */
export default defineOp({
  name: 'sigmoid',
  ...pointwise({
    reference: (x) => 1 / (1 + Math.exp(-x)),
    expression: divide(constant(1), add(constant(1), exp(negate(load(0))))),
  }),
  gradient: ({ emit, outputs, outputGradients }) => [emit.op('sigmoidGradient', [outputs[0]!, outputGradients[0]!])],
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
