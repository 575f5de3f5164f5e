import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'vision-transformer',
  title: 'Vision transformer',
  summary: 'Cuts a digit into patches, and lets each patch look at all others to decide what it is part of.',
  level: 'advanced',
  expected: { metric: 'accuracy', value: 0.85, epochs: 4 },
  build() {
    const sketch = new Sketch();
    // 7 × 7 patches of 4 × 4 pixels, each as 48 numbers.
    sketch.chain(
      [sketch.add('Input', [])],
      ['Conv2d', { outChannels: 48, kernelSize: [4, 4], stride: [4, 4] }],
      ['Reshape', { shape: [48, 49] }],
      ['Permute', { dims: [2, 1] }],
      ['PositionalEncoding'],
      ['TransformerEncoderLayer', { nhead: 4, dimFeedforward: 96, dropout: 0, normFirst: true }],
      ['TransformerEncoderLayer', { nhead: 4, dimFeedforward: 96, dropout: 0, normFirst: true }],
      ['LayerNorm'],
      ['Permute', { dims: [2, 1] }],
      ['AdaptiveAvgPool1d'],
      ['Flatten'],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'Vision transformer',
      training({ optimizer: { type: 'AdamW', parameters: { lr: 0.003 } }, epochs: 4 }),
      { dataset: 'mnist' },
    );
  },
});
