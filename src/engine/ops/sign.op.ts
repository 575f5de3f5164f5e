import { f32 } from '../ir/shape.ts';
import { load, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    sign: Record<string, never>;
  }
}

/** −1, 0 or 1. */
export default defineOp({
  name: 'sign',
  ...pointwise({
    reference: Math.sign,
    expression: unary('sign', load(0)),
  }),
  gradient: () => [undefined],
  samples: [{ inputs: [f32(3, 5)], attributes: {}, draw: ['spread'] }],
});
