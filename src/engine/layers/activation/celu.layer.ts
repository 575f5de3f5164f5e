import { pythonCall } from '../python.ts';
import { defineActivation } from './defineActivation.ts';

const parameters = {
  alpha: {
    kind: 'number',
    default: 1,
    min: 0.01,
    step: 0.1,
    help: 'The value that large negative numbers approach, negated.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    CELU: typeof parameters;
  }
}

export default defineActivation({
  type: 'CELU',
  icon: 'trending-up',
  summary: 'An ELU whose slope is 1 at 0 whatever alpha is.',
  formula: 'x for x ≥ 0, else alpha · (exp(x / alpha) − 1)',
  parameters,
  lower: (emit, input, { alpha }) => {
    const size = emit.fill([], alpha);
    return emit.op('multiply', [emit.op('elu', [emit.op('divide', [input, size])], { alpha: 1 }), size]);
  },
  pytorch: ({ alpha }) => pythonCall('nn.CELU', [], { alpha: [alpha, 1] }),
  keras: ({ alpha }) =>
    alpha === 1 ? 'layers.Activation("celu")' : `layers.Lambda(lambda x: ops.celu(x, alpha=${alpha}))`,
  kerasActivation: ({ alpha }) => (alpha === 1 ? 'celu' : undefined),
  sample: { alpha: 0.6 },
});
