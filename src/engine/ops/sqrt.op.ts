import { f32 } from '../ir/shape.ts';
import { load, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    sqrt: Record<string, never>;
  }
}

/** √x */
export default defineOp({
  name: 'sqrt',
  ...pointwise({
    reference: Math.sqrt,
    expression: unary('sqrt', load(0)),
  }),
  gradient: ({ emit, outputs, outputGradients }) => [
    emit.op('divide', [emit.op('multiply', [outputGradients[0]!, emit.fill([], 0.5)]), outputs[0]!]),
  ],
  samples: [{ inputs: [f32(3, 5)], attributes: {}, draw: ['positive'] }],
});
