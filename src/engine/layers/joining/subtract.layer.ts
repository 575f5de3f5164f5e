import { defineJoin } from './defineJoin.ts';

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Subtract: Record<never, never>;
  }
}

export default defineJoin({
  type: 'Subtract',
  icon: 'minus',
  summary: 'Subtracts the second tensor from the first, element by element.',
  formula: 'a − b',
  reference: 'https://docs.pytorch.org/docs/stable/generated/torch.sub.html',
  ports: ['minuend', 'subtrahend'],
  lower: (emit, inputs) => emit.op('subtract', inputs),
  pytorch: (inputs) => `(${inputs.join(' - ')})`,
  keras: 'Subtract',
});
