import { f32 } from '../ir/shape.ts';
import { load, multiply } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    square: Record<string, never>;
  }
}

/** x² */
export default defineOp({
  name: 'square',
  ...pointwise({
    reference: (x) => x * x,
    expression: multiply(load(0), load(0)),
  }),
  gradient: ({ emit, inputs, outputGradients }) => [
    emit.op('multiply', [outputGradients[0]!, emit.op('multiply', [inputs[0]!, emit.fill([], 2)])]),
  ],
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
