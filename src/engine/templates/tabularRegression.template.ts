import { apply } from '../graph/changes.ts';
import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'tabular-regression',
  title: 'Tabular regression',
  summary:
    'Predicts a number from the rows of a table: how far diabetes went on within a year, by ten measurements of the patients.',
  level: 'beginner',
  expected: { metric: 'loss', value: 0.66, epochs: 40 },
  build() {
    const sketch = new Sketch();
    const hidden = sketch.add('Linear', [sketch.add('Input', [])], { outFeatures: 32 });
    sketch.chain([hidden], ['ReLU'], ['Dropout', { p: 0.3 }], ['Linear', { outFeatures: 1 }], ['MSELoss']);
    const document = sketch.document(
      'Tabular regression',
      training({
        optimizer: { type: 'AdamW', parameters: { lr: 0.003, weightDecay: 0.05 } },
        epochs: 40,
        batchSize: 32,
      }),
      { dataset: 'diabetes' },
    );
    return apply(document, {
      kind: 'group',
      changes: [
        { kind: 'setConstant', name: 'hidden', formula: '16' },
        { kind: 'setFormula', node: hidden, parameter: 'outFeatures', formula: '2 * hidden' },
      ],
    });
  },
});
