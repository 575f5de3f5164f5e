import { f32 } from '../ir/shape.ts';
import { add, binary, constant, exp, load, negate, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    softplus: Record<string, never>;
  }
}

/** log(1 + eˣ), without overflow: https://docs.pytorch.org/docs/stable/generated/torch.nn.Softplus.html */
export default defineOp({
  name: 'softplus',
  ...pointwise({
    reference: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    expression: add(binary('maximum', load(0), constant(0)), unary('log1p', exp(negate(unary('abs', load(0)))))),
  }),
  gradient: ({ emit, inputs, outputGradients }) => [
    emit.op('multiply', [outputGradients[0]!, emit.op('sigmoid', [inputs[0]!])]),
  ],
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
