import { f32 } from '../ir/shape.ts';
import { load, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    sin: Record<string, never>;
  }
}

/** Sine of radians. */
export default defineOp({
  name: 'sin',
  ...pointwise({
    reference: Math.sin,
    expression: unary('sin', load(0)),
  }),
  gradient: ({ emit, inputs, outputGradients }) => [
    emit.op('multiply', [outputGradients[0]!, emit.op('cos', [inputs[0]!])]),
  ],
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
