import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'moons-mlp',
  title: 'Two moons',
  summary: 'Points in the plane, two classes that no straight line parts: watch the network bend its border.',
  level: 'beginner',
  expected: { metric: 'accuracy', value: 0.95, epochs: 20 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Linear', { outFeatures: 16 }],
      ['Tanh'],
      ['Linear', { outFeatures: 16 }],
      ['Tanh'],
      ['Linear', { outFeatures: 2 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'Two moons',
      training({ optimizer: { type: 'Adam', parameters: { lr: 0.01 } }, epochs: 20, batchSize: 32 }),
      { dataset: 'moons' },
    );
  },
});
