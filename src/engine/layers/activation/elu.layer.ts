import { pythonCall } from '../python.ts';
import { defineActivation } from './defineActivation.ts';

const parameters = {
  alpha: {
    kind: 'number',
    default: 1,
    min: 0,
    step: 0.1,
    help: 'The value that large negative numbers approach, negated.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    ELU: typeof parameters;
  }
}

export default defineActivation({
  type: 'ELU',
  icon: 'spline',
  summary: 'A ReLU that bends smoothly towards −alpha on the negative side, which keeps the mean near 0.',
  formula: 'x for x ≥ 0, else alpha · (exp(x) − 1)',
  parameters,
  lower: (emit, input, { alpha }) => emit.op('elu', [input], { alpha }),
  pytorch: ({ alpha }) => pythonCall('nn.ELU', [], { alpha: [alpha, 1] }),
  keras: ({ alpha }) => pythonCall('layers.ELU', [], { alpha: [alpha, 1] }),
  kerasActivation: ({ alpha }) => (alpha === 1 ? 'elu' : undefined),
  sample: { alpha: 0.5 },
});
