import { f32 } from '../ir/shape.ts';
import { load, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    abs: Record<string, never>;
  }
}

/** |x|, with derivative 0 at 0 as PyTorch: https://docs.pytorch.org/docs/stable/generated/torch.abs.html */
export default defineOp({
  name: 'abs',
  ...pointwise({
    reference: Math.abs,
    expression: unary('abs', load(0)),
  }),
  gradient: ({ emit, inputs, outputGradients }) => [
    emit.op('multiply', [outputGradients[0]!, emit.op('sign', [inputs[0]!])]),
  ],
  samples: [{ inputs: [f32(3, 5)], attributes: {}, draw: ['spread'] }],
});
