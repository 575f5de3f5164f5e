import { f32 } from '../ir/shape.ts';
import { add, load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';
import { sumTo } from './sumTo.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    add: Record<string, never>;
  }
}

/** a + b with broadcasting. */
export default defineOp({
  name: 'add',
  ...pointwise({
    reference: (a, b) => a! + b!,
    expression: add(load(0), load(1)),
  }),
  gradient: ({ emit, inputs, outputGradients }) =>
    inputs.map((input) => sumTo(emit, outputGradients[0]!, input.type.shape)),
  samples: [
    { inputs: [f32(3, 5), f32(3, 5)], attributes: {} },
    { inputs: [f32(2, 3, 4), f32(3, 1)], attributes: {} },
    { inputs: [f32(), f32(6)], attributes: {} },
  ],
});
