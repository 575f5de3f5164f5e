import { Sketch } from '../templates/sketch.ts';
import { defineBlock } from './defineBlock.ts';

export default defineBlock({
  id: 'squeeze-excite',
  title: 'Squeeze-and-excitation',
  summary:
    'Weighs each channel by what all channels hold on average (Hu et al. 2017). Channels must be those that come in; squeezed is how many they are reduced to.',
  icon: 'sliders-horizontal',
  sample: [[16, 8, 8]],
  build() {
    const sketch = new Sketch();
    const input = sketch.add('BlockInput', []);
    const squeeze = sketch.chain([input], ['AdaptiveAvgPool2d', { outputSize: [1, 1] }]);
    const reduce = sketch.add('Conv2d', [squeeze], { outChannels: 4, kernelSize: [1, 1] });
    const expand = sketch.add('Conv2d', [sketch.add('ReLU', [reduce])], { outChannels: 16, kernelSize: [1, 1] });
    const scale = sketch.add('Sigmoid', [expand]);
    sketch.chain([input, scale], ['Multiply'], ['BlockOutput']);
    return sketch.block('squeeze-excitation', 'Squeeze-and-excitation', {
      channels: [[expand, 'outChannels']],
      squeezed: [[reduce, 'outChannels']],
    });
  },
});
