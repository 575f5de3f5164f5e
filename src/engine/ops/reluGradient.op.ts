import { binary, constant, load, select } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    reluGradient: Record<string, never>;
  }
}

/** Gradient of relu from its output: dy where y > 0, else 0. Inputs: y, dy. */
export default defineOp({
  name: 'reluGradient',
  ...pointwise({
    reference: (y, dy) => ((y as number) > 0 ? (dy as number) : 0),
    expression: select(binary('greater', load(0), constant(0)), load(1), constant(0)),
  }),
  gradient: ({ emit, inputs, outputGradients }) => [
    undefined,
    emit.op('reluGradient', [inputs[0]!, outputGradients[0]!]),
  ],
  samples: [
    {
      inputs: [
        { shape: [3, 5], dtype: 'f32' },
        { shape: [3, 5], dtype: 'f32' },
      ],
      attributes: {},
      draw: ['spread', 'normal'],
    },
  ],
});
