import { f32 } from '../ir/shape.ts';
import { binary, load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';
import { sumTo } from './sumTo.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    power: Record<string, never>;
  }
}

/** aᵇ with broadcasting: https://docs.pytorch.org/docs/stable/generated/torch.pow.html */
export default defineOp({
  name: 'power',
  ...pointwise({
    reference: (a, b) => a! ** b!,
    expression: binary('power', load(0), load(1)),
  }),
  gradient: ({ emit, inputs: [a, b], outputs: [y], outputGradients: [dy], needs }) => {
    const less = emit.op('power', [a!, emit.op('subtract', [b!, emit.fill([], 1)])]);
    const byBase = emit.op('multiply', [dy!, emit.op('multiply', [b!, less])]);
    const byExponent = () => emit.op('multiply', [dy!, emit.op('multiply', [y!, emit.op('log', [a!])])]);
    return [sumTo(emit, byBase, a!.type.shape), needs(1) ? sumTo(emit, byExponent(), b!.type.shape) : undefined];
  },
  samples: [
    { inputs: [f32(3, 5), f32(3, 5)], attributes: {}, draw: ['positive', 'normal'] },
    { inputs: [f32(2, 3, 4), f32(3, 1)], attributes: {}, draw: ['positive', 'normal'] },
    { inputs: [f32(), f32(6)], attributes: {}, draw: ['positive', 'normal'] },
  ],
});
