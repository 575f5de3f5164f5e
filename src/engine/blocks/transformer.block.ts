import { Sketch } from '../templates/sketch.ts';
import { defineBlock } from './defineBlock.ts';

export default defineBlock({
  id: 'transformer',
  title: 'Transformer block',
  summary:
    'Self-attention, then two linear layers for each step, each with a way around it and normalization before it (Vaswani et al. 2017). Features must be those that come in.',
  icon: 'focus',
  sample: [[6, 32]],
  build() {
    const sketch = new Sketch();
    const input = sketch.add('BlockInput', []);
    const attention = sketch.add('MultiheadAttention', [sketch.add('LayerNorm', [input])], { numHeads: 4 });
    const attended = sketch.add('Add', [input, attention]);
    const widen = sketch.add('Linear', [sketch.add('LayerNorm', [attended])], { outFeatures: 128 });
    const narrow = sketch.add('Linear', [sketch.add('GELU', [widen])], { outFeatures: 32 });
    sketch.chain([attended, narrow], ['Add'], ['BlockOutput']);
    return sketch.block('transformer-block', 'Transformer block', {
      features: [[narrow, 'outFeatures']],
      hidden: [[widen, 'outFeatures']],
      heads: [[attention, 'numHeads']],
    });
  },
});
