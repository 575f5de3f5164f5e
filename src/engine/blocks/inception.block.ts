import { Sketch } from '../templates/sketch.ts';
import { defineBlock } from './defineBlock.ts';

export default defineBlock({
  id: 'inception',
  title: 'Inception block',
  summary:
    'Looks at the image through windows of several sizes at once and puts the results side by side (Szegedy et al. 2014).',
  icon: 'split',
  sample: [[16, 8, 8]],
  build() {
    const sketch = new Sketch();
    const input = sketch.add('BlockInput', []);
    const convolve = (from: typeof input, outChannels: number, size: number) =>
      sketch.add('Conv2d', [from], {
        outChannels,
        kernelSize: [size, size],
        padding: [(size - 1) / 2, (size - 1) / 2],
      });
    const one = convolve(input, 8, 1);
    const reduce3 = convolve(input, 8, 1);
    const three = convolve(sketch.add('ReLU', [reduce3]), 16, 3);
    const reduce5 = convolve(input, 4, 1);
    const five = convolve(sketch.add('ReLU', [reduce5]), 8, 5);
    const pool = sketch.add('MaxPool2d', [input], { kernelSize: [3, 3], stride: [1, 1], padding: [1, 1] });
    const pooled = convolve(pool, 8, 1);
    sketch.chain([one, three, five, pooled], ['Concat'], ['ReLU'], ['BlockOutput']);
    return sketch.block('inception-block', 'Inception block', {
      channels1: [[one, 'outChannels']],
      reduce3: [[reduce3, 'outChannels']],
      channels3: [[three, 'outChannels']],
      reduce5: [[reduce5, 'outChannels']],
      channels5: [[five, 'outChannels']],
      channelsPool: [[pooled, 'outChannels']],
    });
  },
});
