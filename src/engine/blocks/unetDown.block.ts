import { Sketch } from '../templates/sketch.ts';
import { defineBlock } from './defineBlock.ts';

export default defineBlock({
  id: 'unet-down',
  title: 'U-Net down',
  summary:
    'Two convolutions, then half the height and width (Ronneberger et al. 2015). The first output goes on down, the second across to the U-Net up of the same size.',
  icon: 'chevrons-down',
  sample: [[3, 8, 8]],
  build() {
    const sketch = new Sketch();
    const input = sketch.add('BlockInput', []);
    const conv1 = sketch.add('Conv2d', [input], { outChannels: 16, padding: [1, 1] });
    const conv2 = sketch.add('Conv2d', [sketch.add('ReLU', [conv1])], { outChannels: 16, padding: [1, 1] });
    const across = sketch.add('ReLU', [conv2]);
    sketch.chain([across], ['MaxPool2d'], ['BlockOutput']);
    sketch.add('BlockOutput', [across], {}, { name: 'across' });
    return sketch.block('unet-down', 'U-Net down', {
      channels: [
        [conv1, 'outChannels'],
        [conv2, 'outChannels'],
      ],
    });
  },
});
