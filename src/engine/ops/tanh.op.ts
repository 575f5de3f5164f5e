import { f32 } from '../ir/shape.ts';
import { load, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    tanh: Record<string, never>;
  }
}

/** Hyperbolic tangent: https://docs.pytorch.org/docs/stable/generated/torch.tanh.html */
export default defineOp({
  name: 'tanh',
  ...pointwise({
    reference: Math.tanh,
    expression: unary('tanh', load(0)),
  }),
  gradient: ({ emit, outputs, outputGradients }) => [emit.op('tanhGradient', [outputs[0]!, outputGradients[0]!])],
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
