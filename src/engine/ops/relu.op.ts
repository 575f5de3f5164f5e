import { binary, constant, load, select } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    relu: Record<string, never>;
  }
}

/** max(x, 0), NaN stays NaN: https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html */
export default defineOp({
  name: 'relu',
  ...pointwise({
    reference: (x) => Math.max(x!, 0),
    expression: select(binary('lessEqual', load(0), constant(0)), constant(0), load(0)),
  }),
  gradient: ({ emit, outputs, outputGradients }) => [emit.op('reluGradient', [outputs[0]!, outputGradients[0]!])],
  samples: [{ inputs: [{ shape: [3, 5], dtype: 'f32' }], attributes: {}, draw: ['spread'] }],
});
