import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    GELU: typeof parameters;
  }
}

export default defineActivation({
  type: 'GELU',
  icon: 'spline',
  summary:
    'A smooth ReLU that lets small negative numbers through, weighted by the normal distribution; used in Transformers.',
  formula: 'x · Φ(x), Φ the normal distribution function',
  parameters,
  lower: (emit, input) => emit.op('gelu', [input]),
  pytorch: () => 'nn.GELU()',
  keras: () => 'layers.Activation("gelu")',
  kerasActivation: () => 'gelu',
});
