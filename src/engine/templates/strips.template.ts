import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'strip-reader',
  title: 'Convolution on strips',
  summary:
    'A convolution looks at each strip of a digit by itself, TimeDistributed; a GRU reads what it found from top to bottom and leaves out blank strips by a mask.',
  level: 'advanced',
  expected: { metric: 'accuracy', value: 0.95, epochs: 4 },
  build() {
    const inner = new Sketch();
    inner.chain(
      [inner.add('BlockInput', [])],
      ['Conv2d', { outChannels: 8, kernelSize: [2, 3], padding: [0, 1] }],
      ['ReLU'],
      ['Flatten'],
      ['BlockOutput'],
    );
    const strip = inner.block('strip-features', 'Strip features');
    const sketch = new Sketch();
    const input = sketch.add('Input', []);
    const strips = sketch.add('Reshape', [input], { shape: [14, 1, 2, 28] });
    const features = sketch.use(strip, [strips], { timeDistributed: true });
    const flat = sketch.add('Reshape', [input], { shape: [14, 56] });
    const mask = sketch.add('PaddingMask', [flat]);
    const state = sketch.add('GRU', [features, { node: mask, port: 'mask' }], { hiddenSize: 64 });
    sketch.chain([state], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']);
    return sketch.document(
      'Convolution on strips',
      training({ optimizer: { type: 'Adam', parameters: { lr: 0.003 } }, epochs: 4 }),
      { dataset: 'mnist' },
    );
  },
});
