import { defineJoin } from './defineJoin.ts';

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Multiply: Record<never, never>;
  }
}

export default defineJoin({
  type: 'Multiply',
  icon: 'x',
  summary: 'Multiplies tensors element by element: a gate, or attention over channels.',
  formula: 'a · b',
  reference: 'https://docs.pytorch.org/docs/stable/generated/torch.mul.html',

  lower: (emit, inputs) => inputs.reduce((product, input) => emit.op('multiply', [product, input])),
  pytorch: (inputs) => `(${inputs.join(' * ')})`,
  keras: 'Multiply',
});
