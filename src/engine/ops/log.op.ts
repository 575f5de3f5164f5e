import { f32 } from '../ir/shape.ts';
import { load, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    log: Record<string, never>;
  }
}

/** Natural logarithm. */
export default defineOp({
  name: 'log',
  ...pointwise({
    reference: Math.log,
    expression: unary('log', load(0)),
  }),
  gradient: ({ emit, inputs, outputGradients }) => [emit.op('divide', [outputGradients[0]!, inputs[0]!])],
  samples: [{ inputs: [f32(3, 5)], attributes: {}, draw: ['positive'] }],
});
