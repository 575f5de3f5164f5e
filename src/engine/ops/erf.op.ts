import { f32 } from '../ir/shape.ts';
import { erf } from '../kernels/erf.ts';
import { load, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    erf: Record<string, never>;
  }
}

/** Error function: https://docs.pytorch.org/docs/stable/special.html#torch.special.erf */
export default defineOp({
  name: 'erf',
  ...pointwise({ reference: (x) => erf(x!), expression: unary('erf', load(0)) }),
  gradient: ({ emit, inputs: [x], outputGradients: [dy] }) => {
    const bell = emit.op('exp', [emit.op('negate', [emit.op('square', [x!])])]);
    return [emit.op('multiply', [dy!, emit.op('multiply', [bell, emit.fill([], 2 / Math.sqrt(Math.PI))])])];
  },
  samples: [{ inputs: [f32(3, 5)], attributes: {} }],
});
