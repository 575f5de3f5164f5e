import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'autoencoder',
  title: 'Autoencoder',
  summary:
    'Squeezes each digit into 32 numbers and draws it again from those: the loss compares with the input, no labels are needed.',
  level: 'intermediate',
  expected: { metric: 'loss', value: 0.03, epochs: 5 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Flatten'],
      ['Linear', { outFeatures: 128 }],
      ['ReLU'],
      ['Linear', { outFeatures: 32 }],
      ['ReLU'],
      ['Linear', { outFeatures: 128 }],
      ['ReLU'],
      ['Linear', { outFeatures: 784 }],
      ['Sigmoid'],
      ['MSELoss', { target: 'input' }],
    );
    return sketch.document('Autoencoder', training({ epochs: 5 }), { dataset: 'mnist' });
  },
});
