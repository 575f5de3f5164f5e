import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    ReLU: typeof parameters;
  }
}

export default defineActivation({
  type: 'ReLU',
  icon: 'trending-up',
  summary: 'Sets negative numbers to 0. Cheap, and gradients do not fade: the usual choice between layers.',
  formula: 'max(0, x)',
  parameters,
  lower: (emit, input) => emit.op('relu', [input]),
  pytorch: () => 'nn.ReLU()',
  keras: () => 'layers.ReLU()',
  kerasActivation: () => 'relu',
});
