import { f32 } from '../ir/shape.ts';
import { constant, load, multiply, subtract } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    sigmoidGradient: Record<string, never>;
  }
}

/** Gradient of sigmoid from its output: dy·y·(1 − y). Inputs: y, dy. */
export default defineOp({
  name: 'sigmoidGradient',
  ...pointwise({
    reference: (y, dy) => dy! * y! * (1 - y!),
    expression: multiply(load(1), multiply(load(0), subtract(constant(1), load(0)))),
  }),
  gradient: ({ emit, inputs: [y, dy], outputGradients }) => {
    const upstream = outputGradients[0]!;
    const one = emit.fill([], 1);
    const slope = emit.op('multiply', [y!, emit.op('subtract', [one, y!])]);
    const bend = emit.op('subtract', [one, emit.op('multiply', [emit.fill([], 2), y!])]);
    return [emit.op('multiply', [upstream, emit.op('multiply', [dy!, bend])]), emit.op('multiply', [upstream, slope])];
  },
  samples: [{ inputs: [f32(3, 5), f32(3, 5)], attributes: {} }],
});
