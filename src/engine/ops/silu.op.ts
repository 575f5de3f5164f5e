import { f32 } from '../ir/shape.ts';
import { add, constant, divide, exp, load, negate } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    silu: Record<string, never>;
  }
}

/** x·sigmoid(x): https://docs.pytorch.org/docs/stable/generated/torch.nn.SiLU.html */
export default defineOp({
  name: 'silu',
  ...pointwise({
    reference: (x) => x / (1 + Math.exp(-x)),
    expression: divide(load(0), add(constant(1), exp(negate(load(0))))),
  }),
  gradient: ({ emit, inputs: [x], outputGradients }) => {
    const s = emit.op('sigmoid', [x!]);
    const one = emit.fill([], 1);
    const rest = emit.op('multiply', [x!, emit.op('subtract', [one, s])]);
    return [emit.op('multiply', [outputGradients[0]!, emit.op('multiply', [s, emit.op('add', [one, rest])])])];
  },
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
