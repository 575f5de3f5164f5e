import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'lenet',
  title: 'LeNet-5',
  summary:
    'LeCun’s net of 1998: tanh, average pooling and two rounds of convolution. Compare it with the CNNs of today.',
  level: 'intermediate',
  expected: { metric: 'accuracy', value: 0.95, epochs: 4 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Conv2d', { outChannels: 6, kernelSize: [5, 5], padding: [2, 2] }],
      ['Tanh'],
      ['AvgPool2d'],
      ['Conv2d', { outChannels: 16, kernelSize: [5, 5] }],
      ['Tanh'],
      ['AvgPool2d'],
      ['Flatten'],
      ['Linear', { outFeatures: 120 }],
      ['Tanh'],
      ['Linear', { outFeatures: 84 }],
      ['Tanh'],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'LeNet-5',
      training({ optimizer: { type: 'Adam', parameters: { lr: 0.003 } }, epochs: 4, batchSize: 32 }),
      {
        dataset: 'mnist',
      },
    );
  },
});
