import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

export default defineTemplate({
  id: 'character-lstm',
  title: 'Character language model',
  summary:
    "Reads Newton's Opticks letter by letter and learns to say what comes next; then it writes on in the same style.",
  level: 'intermediate',
  expected: { metric: 'loss', value: 1.6, epochs: 4 },
  build() {
    const sketch = new Sketch();
    sketch.chain(
      [sketch.add('Input', [])],
      ['Embedding', { embeddingDim: 32 }],
      ['LSTM', { hiddenSize: 128, output: 'sequence' }],
      ['Linear', { outFeatures: 78 }],
      ['CrossEntropyLoss'],
    );
    return sketch.document(
      'Character language model',
      training({ optimizer: { type: 'Adam', parameters: { lr: 0.005 } }, epochs: 4, batchSize: 32 }),
      { dataset: 'opticks' },
    );
  },
});
