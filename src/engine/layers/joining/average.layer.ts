import { defineJoin } from './defineJoin.ts';

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Average: Record<never, never>;
  }
}

export default defineJoin({
  type: 'Average',
  icon: 'divide',
  summary: 'Averages tensors element by element.',
  formula: '(a + b) / 2',
  reference: 'https://docs.pytorch.org/docs/stable/generated/torch.mean.html',

  lower(emit, inputs) {
    const sum = inputs.reduce((total, input) => emit.op('add', [total, input]));
    return emit.op('multiply', [sum, emit.fill([], 1 / inputs.length)]);
  },
  pytorch: (inputs) => `((${inputs.join(' + ')}) / ${inputs.length})`,
  keras: 'Average',
});
