import { defineJoin } from './defineJoin.ts';

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Maximum: Record<never, never>;
  }
}

export default defineJoin({
  type: 'Maximum',
  icon: 'chevrons-up',
  summary: 'Takes the largest of the tensors at each place.',
  formula: 'max(a, b)',
  reference: 'https://docs.pytorch.org/docs/stable/generated/torch.maximum.html',

  lower: (emit, inputs) => inputs.reduce((most, input) => emit.op('maximum', [most, input])),
  pytorch: (inputs) => inputs.reduce((most, input) => `torch.maximum(${most}, ${input})`),
  keras: 'Maximum',
});
