import { defineJoin } from './defineJoin.ts';

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Minimum: Record<never, never>;
  }
}

export default defineJoin({
  type: 'Minimum',
  icon: 'chevrons-down',
  summary: 'Takes the smallest of the tensors at each place.',
  formula: 'min(a, b)',
  reference: 'https://docs.pytorch.org/docs/stable/generated/torch.minimum.html',

  lower: (emit, inputs) => inputs.reduce((least, input) => emit.op('minimum', [least, input])),
  pytorch: (inputs) => inputs.reduce((least, input) => `torch.minimum(${least}, ${input})`),
  keras: 'Minimum',
});
