import { f32 } from '../ir/shape.ts';
import { load, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    cos: Record<string, never>;
  }
}

/** Cosine of radians. */
export default defineOp({
  name: 'cos',
  ...pointwise({
    reference: Math.cos,
    expression: unary('cos', load(0)),
  }),
  gradient: ({ emit, inputs, outputGradients }) => [
    emit.op('negate', [emit.op('multiply', [outputGradients[0]!, emit.op('sin', [inputs[0]!])])]),
  ],
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
