import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'mlp',
  title: 'Multilayer perceptron',
  summary: 'The simplest net that reads digits: no convolution, each pixel is a number of its own.',
  level: 'beginner',
  expected: { metric: 'accuracy', value: 0.92, epochs: 3 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Flatten'],
      ['Linear', { outFeatures: 128 }],
      ['ReLU'],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'Multilayer perceptron',
      training({ optimizer: { type: 'Adam', parameters: { lr: 0.003 } } }),
      { dataset: 'mnist' },
    );
  },
});
