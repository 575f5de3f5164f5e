import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    SiLU: typeof parameters;
  }
}

export default defineActivation({
  type: 'SiLU',
  icon: 'waves',
  summary: 'A smooth ReLU, also called swish: x weighted by its own sigmoid.',
  formula: 'x · σ(x)',
  parameters,
  lower: (emit, input) => emit.op('silu', [input]),
  pytorch: () => 'nn.SiLU()',
  keras: () => 'layers.Activation("silu")',
  kerasActivation: () => 'silu',
});
