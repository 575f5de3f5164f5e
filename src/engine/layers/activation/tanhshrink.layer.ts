import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Tanhshrink: typeof parameters;
  }
}

export default defineActivation({
  type: 'Tanhshrink',
  icon: 'spline',
  summary: 'What tanh takes away: nearly 0 for small numbers, nearly x for large ones.',
  formula: 'x − tanh(x)',
  parameters,
  lower: (emit, input) => emit.op('subtract', [input, emit.op('tanh', [input])]),
  pytorch: () => 'nn.Tanhshrink()',
  keras: () => 'layers.Activation("tanh_shrink")',
  kerasActivation: () => 'tanh_shrink',
});
