import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'vae',
  title: 'Variational autoencoder',
  summary:
    'Describes each digit by a small cloud of 16 numbers instead of a point, so that numbers in between are digits too.',
  level: 'advanced',
  expected: { metric: 'loss', value: 0.17, epochs: 5 },
  build() {
    const sketch = new Sketch();
    const hidden = sketch.chain(
      [sketch.add('Input', [])],
      ['Flatten'],
      ['Linear', { outFeatures: 256 }],
      ['ReLU'],
      ['Linear', { outFeatures: 32 }],
    );
    const halves = sketch.add('Split', [hidden]);
    const drawn = sketch.add('Reparameterize', [
      { node: halves, output: 'first' },
      { node: halves, output: 'second' },
    ]);
    sketch.chain(
      [drawn],
      ['Linear', { outFeatures: 256 }],
      ['ReLU'],
      ['Linear', { outFeatures: 784 }],
      ['BCEWithLogitsLoss', { target: 'input' }],
    );
    // Per pixel, as the other loss is.
    sketch.add('LossTerm', [{ node: drawn, output: 'kl' }], { lossWeight: 1 / 784 });
    return sketch.document('Variational autoencoder', training({ epochs: 5 }), { dataset: 'mnist' });
  },
});
