import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'depthwise-cnn',
  title: 'Depthwise CNN',
  summary:
    'Filters each channel by itself and mixes channels afterwards, as nets for phones do: few weights and few products.',
  level: 'advanced',
  expected: { metric: 'accuracy', value: 0.93, epochs: 4 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Conv2d', { outChannels: 16, stride: [2, 2], padding: [1, 1] }],
      ['BatchNorm2d'],
      ['Hardswish'],
      ['SeparableConv2d', { outChannels: 32, padding: [1, 1] }],
      ['BatchNorm2d'],
      ['Hardswish'],
      ['MaxPool2d'],
      ['SeparableConv2d', { outChannels: 64, padding: [1, 1] }],
      ['BatchNorm2d'],
      ['Hardswish'],
      ['AdaptiveAvgPool2d'],
      ['Flatten'],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'Depthwise CNN',
      training({ optimizer: { type: 'Adam', parameters: { lr: 0.004 } }, epochs: 4, batchSize: 32 }),
      { dataset: 'mnist' },
    );
  },
});
