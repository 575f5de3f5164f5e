import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'denoising-autoencoder',
  title: 'Denoising autoencoder',
  summary: 'Gets digits with noise on them and has to give back the clean ones: it must learn what digits look like.',
  level: 'intermediate',
  expected: { metric: 'loss', value: 0.03, epochs: 5 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['GaussianNoise', { stddev: 0.3 }],
      ['Flatten'],
      ['Linear', { outFeatures: 128 }],
      ['ReLU'],
      ['Linear', { outFeatures: 64 }],
      ['ReLU'],
      ['Linear', { outFeatures: 128 }],
      ['ReLU'],
      ['Linear', { outFeatures: 784 }],
      ['Sigmoid'],
      ['MSELoss', { target: 'input' }],
    );
    return sketch.document('Denoising autoencoder', training({ epochs: 5 }), { dataset: 'mnist' });
  },
});
