import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Mish: typeof parameters;
  }
}

export default defineActivation({
  type: 'Mish',
  icon: 'waves',
  summary: 'A smooth ReLU that dips a little below 0, like SiLU.',
  formula: 'x · tanh(softplus(x))',
  parameters,
  lower: (emit, input) => emit.op('multiply', [input, emit.op('tanh', [emit.op('softplus', [input])])]),
  pytorch: () => 'nn.Mish()',
  keras: () => 'layers.Activation("mish")',
  kerasActivation: () => 'mish',
});
