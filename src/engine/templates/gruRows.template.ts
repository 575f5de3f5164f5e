import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'gru-rows',
  title: 'GRU on rows',
  summary: 'Reads a digit row by row like the LSTM, with fewer gates and fewer weights.',
  level: 'intermediate',
  expected: { metric: 'accuracy', value: 0.94, epochs: 4 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Reshape', { shape: [28, 28] }],
      ['GRU', { hiddenSize: 64 }],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'GRU on rows',
      training({ optimizer: { type: 'Adam', parameters: { lr: 0.005 } }, epochs: 4 }),
      { dataset: 'mnist' },
    );
  },
});
