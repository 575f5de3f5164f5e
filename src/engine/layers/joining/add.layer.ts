import { defineJoin } from './defineJoin.ts';

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Add: Record<never, never>;
  }
}

export default defineJoin({
  type: 'Add',
  icon: 'plus',
  summary: 'Adds tensors element by element: the end of a skip connection.',
  formula: 'a + b',
  reference: 'https://docs.pytorch.org/docs/stable/generated/torch.add.html',

  lower: (emit, inputs) => inputs.reduce((sum, input) => emit.op('add', [sum, input])),
  pytorch: (inputs) => `(${inputs.join(' + ')})`,
  keras: 'Add',
});
