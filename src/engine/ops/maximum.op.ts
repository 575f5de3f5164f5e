import { f32 } from '../ir/shape.ts';
import { binary, load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';
import { sumTo } from './sumTo.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    maximum: Record<string, never>;
  }
}

/** The larger of a and b; NaN if either is. Equal values share the gradient: https://docs.pytorch.org/docs/stable/generated/torch.maximum.html */
export default defineOp({
  name: 'maximum',
  ...pointwise({
    reference: (a, b) => Math.max(a!, b!),
    expression: binary('maximum', load(0), load(1)),
  }),
  gradient: ({ emit, inputs: [a, b], outputGradients: [dy] }) => {
    const half = emit.op('multiply', [emit.op('equal', [a!, b!]), emit.fill([], 0.5)]);
    const share = (one: typeof a, other: typeof a) =>
      emit.op('multiply', [dy!, emit.op('add', [emit.op('greater', [one!, other!]), half])]);
    return [sumTo(emit, share(a, b), a!.type.shape), sumTo(emit, share(b, a), b!.type.shape)];
  },
  samples: [
    { inputs: [f32(3, 5), f32(3, 5)], attributes: {}, draw: ['spread', 'spread'] },
    { inputs: [f32(2, 3, 4), f32(3, 1)], attributes: {}, draw: ['spread', 'spread'] },
    { inputs: [f32(), f32(6)], attributes: {}, draw: ['spread', 'spread'] },
  ],
});
