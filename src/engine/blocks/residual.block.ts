import { Sketch } from '../templates/sketch.ts';
import { defineBlock } from './defineBlock.ts';

export default defineBlock({
  id: 'residual',
  title: 'Residual block',
  summary:
    'Two convolutions with normalization, and a way around them for the data and its gradient (He et al. 2015). Channels must be those that come in.',
  icon: 'git-merge',
  sample: [[16, 8, 8]],
  build() {
    const sketch = new Sketch();
    const input = sketch.add('BlockInput', []);
    const conv1 = sketch.add('Conv2d', [input], { outChannels: 16, padding: [1, 1] });
    const relu = sketch.chain([conv1], ['BatchNorm2d'], ['ReLU']);
    const conv2 = sketch.add('Conv2d', [relu], { outChannels: 16, padding: [1, 1] });
    const sum = sketch.add('Add', [sketch.add('BatchNorm2d', [conv2]), input]);
    sketch.chain([sum], ['ReLU'], ['BlockOutput']);
    return sketch.block('residual-block', 'Residual block', {
      channels: [
        [conv1, 'outChannels'],
        [conv2, 'outChannels'],
      ],
    });
  },
});
