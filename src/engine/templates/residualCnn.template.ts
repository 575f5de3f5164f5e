import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'residual-cnn',
  title: 'Residual CNN',
  summary:
    'A skip connection lets the gradient pass around two convolutions; batch normalization and dropout as in the nets of today.',
  level: 'advanced',
  expected: { metric: 'accuracy', value: 0.96, epochs: 3 },
  build() {
    const sketch = new Sketch();
    const stem = sketch.chain(
      [sketch.add('Input', [])],
      ['Conv2d', { outChannels: 16, padding: [1, 1] }],
      ['BatchNorm2d'],
      ['ReLU'],
      ['MaxPool2d'],
    );
    const branch = sketch.chain(
      [stem],
      ['Conv2d', { outChannels: 16, padding: [1, 1] }],
      ['BatchNorm2d'],
      ['ReLU'],
      ['Conv2d', { outChannels: 16, padding: [1, 1] }],
      ['BatchNorm2d'],
    );
    sketch.chain(
      [sketch.add('Add', [branch, stem])],
      ['ReLU'],
      ['MaxPool2d'],
      ['Flatten'],
      ['Dropout', { p: 0.25 }],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document('Residual CNN', training({ optimizer: { type: 'Adam', parameters: { lr: 0.003 } } }), {
      dataset: 'mnist',
    });
  },
});
