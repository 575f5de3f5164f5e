import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Sigmoid: typeof parameters;
  }
}

export default defineActivation({
  type: 'Sigmoid',
  icon: 'chart-spline',
  summary: 'Squeezes each number into 0 … 1, as for a probability or a pixel.',
  formula: '1 / (1 + exp(−x))',
  parameters,
  lower: (emit, input) => emit.op('sigmoid', [input]),
  pytorch: () => 'nn.Sigmoid()',
  keras: () => 'layers.Activation("sigmoid")',
  kerasActivation: () => 'sigmoid',
});
