import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'conv-autoencoder',
  title: 'Convolutional autoencoder',
  summary:
    'Shrinks images by pooling and makes them large again by transposed convolutions. Each pixel is a probability.',
  level: 'intermediate',
  expected: { metric: 'loss', value: 0.11, epochs: 3 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Conv2d', { outChannels: 16, padding: [1, 1] }],
      ['ReLU'],
      ['MaxPool2d'],
      ['Conv2d', { outChannels: 8, padding: [1, 1] }],
      ['ReLU'],
      ['MaxPool2d'],
      ['ConvTranspose2d', { outChannels: 16 }],
      ['ReLU'],
      ['ConvTranspose2d', { outChannels: 1 }],
      ['Sigmoid'],
      ['BCELoss', { target: 'input' }],
    );
    return sketch.document(
      'Convolutional autoencoder',
      training({ optimizer: { type: 'Adam', parameters: { lr: 0.002 } } }),
      { dataset: 'mnist' },
    );
  },
});
