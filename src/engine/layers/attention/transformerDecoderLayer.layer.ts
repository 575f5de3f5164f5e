import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasCannot, pythonCall } from '../python.ts';
import { attend, attentionWeights, sequenceOf } from './attention.ts';
import { feedforward, feedforwardWeights, pytorchTransformer, residual, transformerParameters } from './transformer.ts';

const parameters = {
  ...transformerParameters,
  causal: { kind: 'boolean', default: true, help: 'Lets each step of the first sequence see only what came before.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    TransformerDecoderLayer: typeof parameters;
  }
}

/** Vaswani et al. 2017; https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html with batch_first. */
export default defineLayer({
  type: 'TransformerDecoderLayer',
  title: 'TransformerDecoder',
  category: 'Attention',
  icon: 'repeat',
  help: {
    summary:
      'One block of a decoder: attention of a sequence to itself, then to what an encoder made of another one, then two products at each step.',
    shapes: '[N, T, E], [N, S, E] → [N, T, E]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html',
  },
  role: 'layer',
  inputs: [{ name: 'target' }, { name: 'memory' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([target, memory], { nhead, dimFeedforward }) {
    const [steps, features] = sequenceOf('TransformerDecoderLayer', target!, nhead);
    const [seen, others] = sequenceOf('TransformerDecoderLayer', memory!, nhead);
    if (others !== features) {
      throw new LayerError(
        `TransformerDecoderLayer needs as many features on both wires and receives ${features} and ${others}.`,
      );
    }
    return {
      outputs: [target!],
      weights: [
        ...attentionWeights('self_attn.', features, true),
        ...attentionWeights('multihead_attn.', features, true),
        ...feedforwardWeights(features, dimFeedforward, 3),
      ],
      multiplyAdds:
        steps * features * (6 * features + 2 * steps + 2 * seen + 2 * dimFeedforward) + 2 * seen * features ** 2,
    };
  },
  lower(context) {
    const { parameters: given } = context;
    const [target, memory] = context.inputs;
    const { nhead: numHeads, dropout, causal } = given;
    const own = residual(context, target!, 1, given, (x) =>
      attend(context, 'self_attn.', { query: x, key: x, value: x }, { numHeads, dropout, causal }),
    );
    const crossed = residual(context, own, 2, given, (x) =>
      attend(
        context,
        'multihead_attn.',
        { query: x, key: memory!, value: memory! },
        { numHeads, dropout, causal: false },
      ),
    );
    return [residual(context, crossed, 3, given, (x) => feedforward(context, x, given))];
  },
  emit: {
    name: 'decoder',
    pytorch: ({ inputs, parameters }) => {
      const [steps, features] = inputs[0]!;
      const mask = parameters.causal
        ? `, tgt_mask=torch.triu(torch.full((${steps}, ${steps}), float("-inf")), diagonal=1)`
        : '';
      return {
        make: pythonCall('nn.TransformerDecoderLayer', [features!, parameters.nhead], pytorchTransformer(parameters)),
        apply: (layer, [target, memory]) => `${layer}(${target}, ${memory}${mask})`,
      };
    },
    keras: () => kerasCannot('TransformerDecoderLayer', 'one layer: use MultiheadAttention, Add, LayerNorm and Linear'),
  },
  samples: [
    {
      inputs: [
        [5, 8],
        [3, 8],
      ],
      parameters: { nhead: 2, dimFeedforward: 12 },
    },
    {
      inputs: [
        [4, 6],
        [4, 6],
      ],
      parameters: { nhead: 3, dimFeedforward: 5, normFirst: true, dropout: 0, causal: false },
    },
  ],
});
