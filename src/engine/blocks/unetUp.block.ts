import { Sketch } from '../templates/sketch.ts';
import { defineBlock } from './defineBlock.ts';

export default defineBlock({
  id: 'unet-up',
  title: 'U-Net up',
  summary:
    'Twice the height and width, joined with what comes across from the U-Net down of that size, then two convolutions (Ronneberger et al. 2015).',
  icon: 'chevrons-up',
  sample: [
    [32, 4, 4],
    [16, 8, 8],
  ],
  build() {
    const sketch = new Sketch();
    const input = sketch.add('BlockInput', []);
    const across = sketch.add('BlockInput', [], {}, { name: 'across' });
    const both = sketch.add('Concat', [sketch.add('Upsample', [input]), across]);
    const conv1 = sketch.add('Conv2d', [both], { outChannels: 16, padding: [1, 1] });
    const conv2 = sketch.add('Conv2d', [sketch.add('ReLU', [conv1])], { outChannels: 16, padding: [1, 1] });
    sketch.chain([conv2], ['ReLU'], ['BlockOutput']);
    return sketch.block('unet-up', 'U-Net up', {
      channels: [
        [conv1, 'outChannels'],
        [conv2, 'outChannels'],
      ],
    });
  },
});
