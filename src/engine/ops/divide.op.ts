import { f32 } from '../ir/shape.ts';
import { divide, load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';
import { sumTo } from './sumTo.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    divide: Record<string, never>;
  }
}

/** a ÷ b with broadcasting. */
export default defineOp({
  name: 'divide',
  ...pointwise({
    reference: (a, b) => a! / b!,
    expression: divide(load(0), load(1)),
  }),
  gradient: ({ emit, inputs: [a, b], outputs: [y], outputGradients: [dy], needs }) => {
    const quotient = emit.op('divide', [dy!, b!]);
    return [
      sumTo(emit, quotient, a!.type.shape),
      needs(1) ? sumTo(emit, emit.op('negate', [emit.op('multiply', [quotient, y!])]), b!.type.shape) : undefined,
    ];
  },
  samples: [
    { inputs: [f32(3, 5), f32(3, 5)], attributes: {}, draw: ['normal', 'positive'] },
    { inputs: [f32(2, 3, 4), f32(3, 1)], attributes: {}, draw: ['normal', 'positive'] },
    { inputs: [f32(), f32(6)], attributes: {}, draw: ['normal', 'positive'] },
  ],
});
