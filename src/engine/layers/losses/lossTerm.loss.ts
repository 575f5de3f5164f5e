import { defineLayer } from '../defineLayer.ts';
import { kerasCannot } from '../python.ts';
import { lossWeightParameter } from './comparison.ts';
import { meanOf } from './meanOf.ts';

const parameters = {
  of: {
    kind: 'choice',
    default: 'value',
    choices: ['value', 'absolute', 'square'],
    help: 'What is averaged: the numbers themselves (a term made by other layers), their size (L1) or square (L2).',
  },
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    LossTerm: typeof parameters;
  }
}

/** Any wire as a term of the loss: penalties on activations, and losses that are made of other layers. */
export default defineLayer({
  type: 'LossTerm',
  title: 'LossTerm',
  category: 'Loss',
  icon: 'sigma',
  help: {
    summary:
      'Adds the mean of what a wire carries to the loss: a penalty on activations, or a loss made of other layers.',
    shapes: 'input [N, …] → scalar, mean of x, |x| or x²',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.mean.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  target: () => 'none',
  infer: () => ({ outputs: [[]], weights: [], multiplyAdds: 0 }),
  lower({ emit, inputs, parameters: { of } }) {
    const x = inputs[0]!;
    if (of === 'value') return [meanOf(emit, x)];
    return [meanOf(emit, emit.op(of === 'square' ? 'square' : 'abs', [x]))];
  },
  emit: {
    pytorch: ({ parameters: { of } }) => ({
      apply: (_, [x]) =>
        of === 'value' ? `${x}.mean()` : of === 'absolute' ? `${x}.abs().mean()` : `${x}.square().mean()`,
    }),
    keras: () => kerasCannot('LossTerm', 'no target: compile takes losses of an output and a target'),
  },
  samples: [
    { inputs: [[4]], parameters: {}, data: { sample: [4], classes: 0 } },
    { inputs: [[2, 3, 3]], parameters: { of: 'square' }, data: { sample: [4], classes: 0 } },
  ],
});
