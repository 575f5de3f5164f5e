import { f32 } from '../ir/shape.ts';
import { constant, load, multiply, subtract } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    tanhGradient: Record<string, never>;
  }
}

/** Gradient of tanh from its output: dy·(1 − y²). Inputs: y, dy. */
export default defineOp({
  name: 'tanhGradient',
  ...pointwise({
    reference: (y, dy) => dy! * (1 - y! * y!),
    expression: multiply(load(1), subtract(constant(1), multiply(load(0), load(0)))),
  }),
  gradient: ({ emit, inputs: [y, dy], outputGradients }) => {
    const upstream = outputGradients[0]!;
    const slope = emit.op('subtract', [emit.fill([], 1), emit.op('square', [y!])]);
    const byOutput = emit.op('multiply', [emit.fill([], -2), emit.op('multiply', [y!, dy!])]);
    return [emit.op('multiply', [upstream, byOutput]), emit.op('multiply', [upstream, slope])];
  },
  samples: [{ inputs: [f32(3, 5), f32(3, 5)], attributes: {} }],
});
