import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    PositionEmbedding: typeof parameters;
  }
}

/** Learned places: an nn.Embedding of the positions, https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html */
export default defineLayer({
  type: 'PositionEmbedding',
  title: 'PositionEmbedding',
  category: 'Attention',
  icon: 'ruler-dimension-line',
  help: {
    summary:
      'Adds to each step a vector of its own that is learned, because attention by itself does not know the order.',
    shapes: '[N, T, E] → [N, T, E], x + weight [T, E]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input]) {
    if (input!.length !== 2) {
      throw new LayerError(`PositionEmbedding expects sequences and receives samples of ${formatShape(input!)}.`);
    }
    const initial = { kind: 'normal', deviation: 1 } as const;
    return {
      outputs: [input!],
      weights: [{ name: 'weight', shape: input!, initial, trainable: true }],
      multiplyAdds: 0,
    };
  },
  lower: ({ emit, inputs, weights }) => [emit.op('add', [inputs[0]!, weights.weight!])],
  emit: {
    name: 'positions',
    pytorch: ({ inputs }) => ({
      make: `nn.Embedding(${inputs[0]!.join(', ')})`,
      apply: (layer, [x]) => `${x} + ${layer}.weight`,
    }),
    keras: ({ inputs }) => ({
      make: `layers.Embedding(${inputs[0]!.join(', ')})`,
      apply: (layer, [x]) => `${x} + ${layer}(ops.arange(${inputs[0]![0]}))`,
    }),
  },
  samples: [{ inputs: [[5, 6]], parameters: {} }],
});
