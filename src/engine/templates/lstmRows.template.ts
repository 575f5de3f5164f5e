import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'lstm-rows',
  title: 'LSTM on rows',
  summary: 'Reads a digit from top to bottom, one row of pixels a step, and decides from what it remembers.',
  level: 'intermediate',
  expected: { metric: 'accuracy', value: 0.93, epochs: 5 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Reshape', { shape: [28, 28] }],
      ['LSTM', { hiddenSize: 64 }],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'LSTM on rows',
      training({ optimizer: { type: 'Adam', parameters: { lr: 0.005 } }, epochs: 5 }),
      {
        dataset: 'mnist',
      },
    );
  },
});
