import { pythonCall } from '../python.ts';
import { defineActivation } from './defineActivation.ts';

const parameters = {
  negativeSlope: {
    kind: 'number',
    default: 0.01,
    min: 0,
    max: 1,
    step: 0.01,
    help: 'Slope on the negative side.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    LeakyReLU: typeof parameters;
  }
}

export default defineActivation({
  type: 'LeakyReLU',
  icon: 'trending-up',
  summary: 'A ReLU that lets a small share of negative numbers through, so that no unit dies.',
  formula: 'x for x ≥ 0, else negativeSlope · x',
  parameters,
  lower: (emit, input, { negativeSlope }) => emit.op('leakyRelu', [input], { slope: negativeSlope }),
  pytorch: ({ negativeSlope }) => pythonCall('nn.LeakyReLU', [negativeSlope]),
  keras: ({ negativeSlope }) => pythonCall('layers.LeakyReLU', [], { negative_slope: [negativeSlope, 0.3] }),
  sample: { negativeSlope: 0.2 },
});
