import { f32 } from '../ir/shape.ts';
import { load, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    negate: Record<string, never>;
  }
}

/** −x */
export default defineOp({
  name: 'negate',
  ...pointwise({
    reference: (x) => -x,
    expression: unary('negate', load(0)),
  }),
  gradient: ({ emit, outputGradients }) => [emit.op('negate', [outputGradients[0]!])],
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
