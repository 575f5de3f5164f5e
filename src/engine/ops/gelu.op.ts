import { f32 } from '../ir/shape.ts';
import { erf } from '../kernels/erf.ts';
import { add, constant, load, multiply, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    gelu: Record<string, never>;
  }
}

const normal = multiply(constant(0.5), add(constant(1), unary('erf', multiply(load(0), constant(Math.SQRT1_2)))));

/** x·Φ(x), Φ the normal distribution function: https://docs.pytorch.org/docs/stable/generated/torch.nn.GELU.html */
export default defineOp({
  name: 'gelu',
  ...pointwise({
    reference: (x) => 0.5 * x! * (1 + erf(x! * Math.SQRT1_2)),
    expression: multiply(load(0), normal),
  }),
  gradient: ({ emit, inputs: [x], outputGradients: [dy] }) => {
    const scaled = emit.op('multiply', [x!, emit.fill([], Math.SQRT1_2)]);
    const one = emit.op('add', [emit.op('erf', [scaled]), emit.fill([], 1)]);
    const distribution = emit.op('multiply', [one, emit.fill([], 0.5)]);
    const bell = emit.op('exp', [emit.op('negate', [emit.op('square', [scaled])])]);
    const density = emit.op('multiply', [bell, emit.fill([], 1 / Math.sqrt(2 * Math.PI))]);
    return [emit.op('multiply', [dy!, emit.op('add', [distribution, emit.op('multiply', [x!, density])])])];
  },
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
