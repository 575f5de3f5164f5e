import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { pythonCall } from '../python.ts';
import { attend, attentionWeights, sequenceOf } from './attention.ts';

const parameters = {
  numHeads: {
    kind: 'integer',
    default: 4,
    min: 1,
    help: 'Attentions side by side, each on its share of the features; must divide the features.',
  },
  dropout: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99,
    step: 0.05,
    help: 'Dropout on the shares of attention, in training.',
  },
  bias: { kind: 'boolean', default: true, help: 'Adds learnable biases to the products.' },
  causal: { kind: 'boolean', default: false, help: 'Lets each step see only itself and what came before.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    MultiheadAttention: typeof parameters;
  }
}

/** Vaswani et al. 2017; https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html with batch_first. */
export default defineLayer({
  type: 'MultiheadAttention',
  title: 'MultiheadAttention',
  category: 'Attention',
  icon: 'focus',
  help: {
    summary:
      'Each step gathers from all steps what is of use to it. One wire: a sequence looks at itself; a second wire is the sequence that it looks at.',
    shapes: '[N, T, E] (, [N, S, E]) → [N, T, E], softmax(Q·Kᵀ / √(E / heads)) · V',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html',
  },
  role: 'layer',
  inputs: [{ name: 'inputs', many: true }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer(inputs, { numHeads, bias }) {
    const [query, memory = query] = inputs;
    const [steps, features] = sequenceOf('MultiheadAttention', query!, numHeads);
    const [seen, others] = sequenceOf('MultiheadAttention', memory!, numHeads);
    if (inputs.length > 2 || others !== features) {
      throw new LayerError(
        `MultiheadAttention takes one sequence, or two with as many features each, and receives ${inputs.map(formatShape).join(' and ')}.`,
      );
    }
    const projections = (2 * steps + 2 * seen) * features * features;
    return {
      outputs: [[steps, features]],
      weights: attentionWeights('', features, bias),
      multiplyAdds: projections + 2 * steps * seen * features,
    };
  },
  lower(context) {
    const [query, memory = query] = context.inputs;
    return [attend(context, '', { query: query!, key: memory!, value: memory! }, context.parameters)];
  },
  emit: {
    name: 'attention',
    pytorch: ({ parameters: { numHeads, dropout, bias, causal }, inputs }) => {
      const [steps, features] = inputs[0]!;
      const seen = (inputs[1] ?? inputs[0]!)[0];
      const mask = causal ? `, attn_mask=torch.triu(torch.full((${steps}, ${seen}), float("-inf")), diagonal=1)` : '';
      return {
        make: pythonCall('nn.MultiheadAttention', [features!, numHeads], {
          dropout: [dropout, 0],
          bias: [bias, true],
          batch_first: [true, false],
        }),
        apply: (layer, [x, memory = x]) => `${layer}(${x}, ${memory}, ${memory}, need_weights=False${mask})[0]`,
      };
    },
    keras: ({ parameters: { numHeads, dropout, bias, causal }, inputs }) => ({
      make: pythonCall('layers.MultiHeadAttention', [numHeads], {
        key_dim: [inputs[0]![1]! / numHeads, undefined],
        dropout: [dropout, 0],
        use_bias: [bias, true],
      }),
      apply: (layer, [x, memory = x]) => `${layer}(${x}, ${memory}${causal ? ', use_causal_mask=True' : ''})`,
    }),
  },
  samples: [
    { inputs: [[5, 8]], parameters: { numHeads: 2 } },
    { inputs: [[4, 6]], parameters: { numHeads: 3, causal: true, bias: false } },
    {
      inputs: [
        [3, 4],
        [5, 4],
      ],
      parameters: { numHeads: 2 },
    },
  ],
});
