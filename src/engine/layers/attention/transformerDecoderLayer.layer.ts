import { defineLayer, LayerError } from '../defineLayer.ts';
import { maskPort, requireMask } from '../masks.ts';
import { inputAt } from '../ports.ts';
import { kerasCannot, pythonCall } from '../python.ts';
import { attend, attentionWeights, pytorchCausal, sequenceOf } from './attention.ts';
import { feedforward, feedforwardWeights, pytorchTransformer, residual, transformerParameters } from './transformer.ts';

const parameters = {
  ...transformerParameters,
  causal: { kind: 'boolean', default: true, help: 'Lets each step of the first sequence see only what came before.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerOptionalPorts {
    TransformerDecoderLayer: 'targetMask' | 'memoryMask';
  }
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
    shapes: '[N, T, E], [N, S, E] (, masks [N, T], [N, S]) → [N, T, E]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html',
  },
  role: 'layer',
  inputs: [{ name: 'target' }, { name: 'memory' }, maskPort('targetMask'), maskPort('memoryMask')],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer(inputs, { nhead, dimFeedforward }, _, ports) {
    const [target, memory] = inputs;
    const [steps, features] = sequenceOf('TransformerDecoderLayer', target!, nhead);
    const [seen, others] = sequenceOf('TransformerDecoderLayer', memory!, nhead);
    if (others !== features) {
      throw new LayerError(
        `TransformerDecoderLayer needs as many features on both wires and receives ${features} and ${others}.`,
      );
    }
    for (const [port, count] of [
      ['targetMask', steps],
      ['memoryMask', seen],
    ] as const) {
      requireMask('TransformerDecoderLayer', port, inputAt(port, inputs, ports), count);
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
    const maskAt = (port: string) => inputAt(port, context.inputs, context.ports);
    const { nhead: numHeads, dropout, causal } = given;
    const own = residual(context, target!, 1, given, (x) =>
      attend(
        context,
        'self_attn.',
        { query: x, key: x, value: x },
        { numHeads, dropout, causal, keyMask: maskAt('targetMask') },
      ),
    );
    const crossed = residual(context, own, 2, given, (x) =>
      attend(
        context,
        'multihead_attn.',
        { query: x, key: memory!, value: memory! },
        { numHeads, dropout, causal: false, keyMask: maskAt('memoryMask') },
      ),
    );
    return [residual(context, crossed, 3, given, (x) => feedforward(context, x, given))];
  },
  emit: {
    name: 'decoder',
    pytorch: ({ inputs, ports, parameters }) => {
      const [steps, features] = inputs[0]!;
      return {
        make: pythonCall('nn.TransformerDecoderLayer', [features!, parameters.nhead], pytorchTransformer(parameters)),
        apply: (layer, given) => {
          const [target = ''] = given;
          const later = pytorchCausal(target, steps!, steps!, ports.includes('targetMask'));
          const causal = parameters.causal ? `, tgt_mask=${later}` : '';
          const padding = (['target', 'memory'] as const).map((name, i) => {
            const mask = inputAt(`${name}Mask`, given, ports);
            return mask === undefined ? '' : `, ${['tgt', 'memory'][i]}_key_padding_mask=${mask} == 0`;
          });
          return `${layer}(${target}, ${given[1]}${causal}${padding.join('')})`;
        },
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
      inputs: [[5, 8], [3, 8], [5], [3]],
      ports: ['target', 'memory', 'targetMask', 'memoryMask'],
      parameters: { nhead: 2, dimFeedforward: 6 },
    },
    {
      inputs: [[4, 6], [4, 6], [4]],
      ports: ['target', 'memory', 'memoryMask'],
      parameters: { nhead: 3, dimFeedforward: 5 },
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
