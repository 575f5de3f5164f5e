import residual from '../blocks/residual.block.ts';
import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'resnet',
  title: 'Small ResNet',
  summary:
    'A block of two convolutions with a way around them for the gradient, three times in a row: go inside with a double click, and repeat it more often.',
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
    const body = sketch.use(residual.build(), [stem], { channels: 16, repeat: 3 });
    sketch.chain(
      [body],
      ['MaxPool2d'],
      ['Flatten'],
      ['Dropout', { p: 0.25 }],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document('Small ResNet', training({ optimizer: { type: 'Adam', parameters: { lr: 0.003 } } }), {
      dataset: 'mnist',
    });
  },
});
