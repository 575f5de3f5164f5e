import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Softplus: typeof parameters;
  }
}

export default defineActivation({
  type: 'Softplus',
  icon: 'trending-up',
  summary: 'A smooth ReLU whose result is always positive.',
  formula: 'log(1 + exp(x))',
  parameters,
  lower: (emit, input) => emit.op('softplus', [input]),
  pytorch: () => 'nn.Softplus()',
  keras: () => 'layers.Activation("softplus")',
  kerasActivation: () => 'softplus',
});
