import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Tanh: typeof parameters;
  }
}

export default defineActivation({
  type: 'Tanh',
  icon: 'chart-spline',
  summary: 'Squeezes each number into −1 … 1, centred at 0.',
  formula: 'tanh(x)',
  parameters,
  lower: (emit, input) => emit.op('tanh', [input]),
  pytorch: () => 'nn.Tanh()',
  keras: () => 'layers.Activation("tanh")',
  kerasActivation: () => 'tanh',
});
