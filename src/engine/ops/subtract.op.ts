import { f32 } from '../ir/shape.ts';
import { load, subtract } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';
import { sumTo } from './sumTo.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    subtract: Record<string, never>;
  }
}

/** a − b with broadcasting. */
export default defineOp({
  name: 'subtract',
  ...pointwise({
    reference: (a, b) => a! - b!,
    expression: subtract(load(0), load(1)),
  }),
  gradient: ({ emit, inputs: [a, b], outputGradients: [dy] }) => [
    sumTo(emit, dy!, a!.type.shape),
    sumTo(emit, emit.op('negate', [dy!]), b!.type.shape),
  ],
  samples: [
    { inputs: [f32(3, 5), f32(3, 5)], attributes: {} },
    { inputs: [f32(2, 3, 4), f32(3, 1)], attributes: {} },
    { inputs: [f32(), f32(6)], attributes: {} },
  ],
});
