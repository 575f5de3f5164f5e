import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Softsign: typeof parameters;
  }
}

export default defineActivation({
  type: 'Softsign',
  icon: 'spline',
  summary: 'An S-curve from −1 to 1 like tanh, which flattens more slowly.',
  formula: 'x / (1 + |x|)',
  parameters,
  lower: (emit, input) => emit.op('divide', [input, emit.op('add', [emit.op('abs', [input]), emit.fill([], 1)])]),
  pytorch: () => 'nn.Softsign()',
  keras: () => 'layers.Activation("softsign")',
  kerasActivation: () => 'softsign',
});
