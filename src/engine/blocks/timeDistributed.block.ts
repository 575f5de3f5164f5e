import { Sketch } from '../templates/sketch.ts';
import { defineBlock } from './defineBlock.ts';

export default defineBlock({
  id: 'time-distributed',
  title: 'TimeDistributed',
  summary:
    'Layers for each step of a sequence by itself, with the same weights, as in Keras: here a convolution that makes features of each frame. Put into it what you need.',
  icon: 'film',
  sample: [[5, 3, 8, 8]],
  parameters: { timeDistributed: true },
  build() {
    const sketch = new Sketch();
    const conv = sketch.add('Conv2d', [sketch.add('BlockInput', [])], { outChannels: 16, padding: [1, 1] });
    sketch.chain([conv], ['ReLU'], ['AdaptiveAvgPool2d', { outputSize: [4, 4] }], ['Flatten'], ['BlockOutput']);
    return sketch.block('time-distributed', 'TimeDistributed', { channels: [[conv, 'outChannels']] });
  },
});
