import { sizeOf } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, pythonCall } from '../python.ts';

const parameters = {
  embeddingDim: { kind: 'integer', default: 64, min: 1, help: 'Numbers that stand for each id; all are learned.' },
  numEmbeddings: {
    kind: 'autoInteger',
    default: null,
    min: 1,
    help: 'How many ids there are; found from the data set while empty.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Embedding: typeof parameters;
  }
}

/** A learned row of numbers for each id: https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html */
export default defineLayer({
  type: 'Embedding',
  title: 'Embedding',
  category: 'Core',
  icon: 'box',
  help: {
    summary: 'Turns ids (characters of a text) into numbers: each id has a row of its own, which is learned.',
    shapes: 'ids [N, …], int32 → [N, …, embeddingDim]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html',
  },
  role: 'layer',
  inputs: [{ name: 'input', dtype: 'i32' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { embeddingDim, numEmbeddings }, { vocabulary }) {
    const rows = numEmbeddings ?? vocabulary;
    if (rows === undefined) {
      throw new LayerError('Embedding expects the ids of a text, and this data set has none: choose a text.', {
        parameter: 'numEmbeddings',
      });
    }
    if (vocabulary !== undefined && rows < vocabulary) {
      throw new LayerError(`Embedding has rows for ${rows} ids, and the data set has ${vocabulary}.`, {
        parameter: 'numEmbeddings',
        fixes: [{ kind: 'setParameter', parameter: 'numEmbeddings', value: null }],
      });
    }
    return {
      outputs: [[...input!, embeddingDim]],
      weights: [
        { name: 'weight', shape: [rows, embeddingDim], initial: { kind: 'normal', deviation: 1 }, trainable: true },
      ],
      multiplyAdds: 0,
    };
  },
  lower({ emit, inputs, weights }) {
    const [ids] = inputs;
    const { shape } = ids!.type;
    const flat = emit.op('reshape', [ids!], { shape: [sizeOf(shape)] });
    const rows = emit.op('takeRows', [weights.weight!, flat]);
    return [emit.op('reshape', [rows], { shape: [...shape, weights.weight!.type.shape[1]!] })];
  },
  emit: {
    pytorch: ({ parameters: { embeddingDim, numEmbeddings }, data }) => ({
      make: pythonCall('nn.Embedding', [numEmbeddings ?? data.vocabulary!, embeddingDim]),
      apply: applyOne,
    }),
    keras: ({ parameters: { embeddingDim, numEmbeddings }, data }) => ({
      make: pythonCall('layers.Embedding', [numEmbeddings ?? data.vocabulary!, embeddingDim]),
      apply: applyOne,
    }),
  },
  samples: [
    { inputs: [[6]], parameters: { embeddingDim: 4 }, data: { sample: [6], classes: 5, label: [6], vocabulary: 5 } },
    { inputs: [[2, 3]], parameters: { embeddingDim: 2, numEmbeddings: 7 }, data: { sample: [2, 3], classes: 0 } },
  ],
});
