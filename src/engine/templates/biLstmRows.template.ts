import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'bilstm-rows',
  title: 'Bidirectional LSTM',
  summary: 'Two LSTMs read the rows of a digit, one from the top and one from the bottom; what both remember decides.',
  level: 'intermediate',
  expected: { metric: 'accuracy', value: 0.92, epochs: 4 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Reshape', { shape: [28, 28] }],
      ['LSTM', { hiddenSize: 40, bidirectional: true }],
      ['Dropout', { p: 0.2 }],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'Bidirectional LSTM',
      training({ optimizer: { type: 'Adam', parameters: { lr: 0.005 } }, epochs: 4 }),
      { dataset: 'mnist' },
    );
  },
});
