import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'tabular-mlp',
  title: 'MLP on a table',
  summary: 'Tells benign from malignant tumours by 30 measurements of cell nuclei: a network on rows of a table.',
  level: 'beginner',
  expected: { metric: 'accuracy', value: 0.95, epochs: 30 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Linear', { outFeatures: 32 }],
      ['ReLU'],
      ['Dropout', { p: 0.3 }],
      ['Linear', { outFeatures: 16 }],
      ['ReLU'],
      ['Linear', { outFeatures: 2 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'MLP on a table',
      training({
        optimizer: { type: 'AdamW', parameters: { lr: 0.0005, weightDecay: 0.05 } },
        epochs: 30,
        batchSize: 32,
      }),
      { dataset: 'breast-cancer' },
    );
  },
});
