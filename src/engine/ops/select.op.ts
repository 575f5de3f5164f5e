import { f32 } from '../ir/shape.ts';
import { load, select } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';
import { sumTo } from './sumTo.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    select: Record<string, never>;
  }
}

/** a where the condition is not 0, else b: https://docs.pytorch.org/docs/stable/generated/torch.where.html */
export default defineOp({
  name: 'select',
  ...pointwise({
    reference: (condition, a, b) => (condition !== 0 ? a! : b!),
    expression: select(load(0), load(1), load(2)),
  }),
  gradient: ({ emit, inputs: [condition, a, b], outputGradients: [dy] }) => {
    const zero = emit.fill([], 0);
    return [
      undefined,
      sumTo(emit, emit.op('select', [condition!, dy!, zero]), a!.type.shape),
      sumTo(emit, emit.op('select', [condition!, zero, dy!]), b!.type.shape),
    ];
  },
  samples: [{ inputs: [f32(3, 5), f32(3, 5), f32(5)], attributes: {} }],
});
