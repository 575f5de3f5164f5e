import { f32 } from '../ir/shape.ts';
import { load, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    exp: Record<string, never>;
  }
}

/** eˣ */
export default defineOp({
  name: 'exp',
  ...pointwise({
    reference: Math.exp,
    expression: unary('exp', load(0)),
  }),
  gradient: ({ emit, outputs, outputGradients }) => [emit.op('multiply', [outputGradients[0]!, outputs[0]!])],
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
