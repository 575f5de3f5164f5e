import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'pytorch-cnn',
  title: 'PyTorch quick-start CNN',
  summary: 'The net of the PyTorch tutorial: few filters, then three Linear layers, trained by SGD with momentum.',
  level: 'beginner',
  expected: { metric: 'accuracy', value: 0.94, epochs: 3 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Conv2d', { outChannels: 6 }],
      ['ReLU'],
      ['MaxPool2d'],
      ['Flatten'],
      ['Linear', { outFeatures: 120 }],
      ['ReLU'],
      ['Linear', { outFeatures: 84 }],
      ['ReLU'],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'PyTorch quick-start CNN',
      training({ optimizer: { type: 'SGD', parameters: { lr: 0.05, momentum: 0.9 } }, batchSize: 32 }),
      { dataset: 'mnist' },
    );
  },
});
