import { f32 } from '../ir/shape.ts';
import { load, multiply } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';
import { sumTo } from './sumTo.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    multiply: Record<string, never>;
  }
}

/** a·b with broadcasting. */
export default defineOp({
  name: 'multiply',
  ...pointwise({
    reference: (a, b) => a! * b!,
    expression: multiply(load(0), load(1)),
  }),
  gradient: ({ emit, inputs: [a, b], outputGradients: [dy], needs }) => [
    needs(0) ? sumTo(emit, emit.op('multiply', [dy!, b!]), a!.type.shape) : undefined,
    needs(1) ? sumTo(emit, emit.op('multiply', [dy!, a!]), b!.type.shape) : undefined,
  ],
  samples: [
    { inputs: [f32(3, 5), f32(3, 5)], attributes: {} },
    { inputs: [f32(2, 3, 4), f32(3, 1)], attributes: {} },
    { inputs: [f32(), f32(6)], attributes: {} },
  ],
});
