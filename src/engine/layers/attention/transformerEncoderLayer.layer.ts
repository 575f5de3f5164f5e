import { defineLayer } from '../defineLayer.ts';
import { maskPort, requireMask } from '../masks.ts';
import { kerasCannot, pythonCall } from '../python.ts';
import { attend, attentionWeights, sequenceOf } from './attention.ts';
import {
  feedforward,
  feedforwardWeights,
  transformerParameters as parameters,
  pytorchTransformer,
  residual,
} from './transformer.ts';

declare module '../defineLayer.ts' {
  interface LayerOptionalPorts {
    TransformerEncoderLayer: 'mask';
  }
  interface LayerCatalog {
    TransformerEncoderLayer: typeof parameters;
  }
}

/** Vaswani et al. 2017; https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html with batch_first. */
export default defineLayer({
  type: 'TransformerEncoderLayer',
  title: 'TransformerEncoder',
  category: 'Attention',
  icon: 'repeat',
  help: {
    summary:
      'One block of a Transformer: attention of the sequence to itself, then two products at each step, each added to what came in.',
    shapes: '[N, T, E] (, mask [N, T]) → [N, T, E]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }, maskPort('mask')],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input, mask], { nhead, dimFeedforward }) {
    const [steps, features] = sequenceOf('TransformerEncoderLayer', input!, nhead);
    requireMask('TransformerEncoderLayer', 'mask', mask, steps);
    return {
      outputs: [input!],
      weights: [...attentionWeights('self_attn.', features, true), ...feedforwardWeights(features, dimFeedforward, 2)],
      multiplyAdds: steps * features * (4 * features + 2 * steps + 2 * dimFeedforward),
    };
  },
  lower(context) {
    const { parameters: given } = context;
    const { nhead: numHeads, dropout } = given;
    const [input, keyMask] = context.inputs;
    const attended = residual(context, input!, 1, given, (x) =>
      attend(context, 'self_attn.', { query: x, key: x, value: x }, { numHeads, dropout, causal: false, keyMask }),
    );
    return [residual(context, attended, 2, given, (x) => feedforward(context, x, given))];
  },
  emit: {
    name: 'encoder',
    pytorch: ({ inputs, parameters }) => ({
      make: pythonCall(
        'nn.TransformerEncoderLayer',
        [inputs[0]![1]!, parameters.nhead],
        pytorchTransformer(parameters),
      ),
      apply: (layer, [x, mask]) => `${layer}(${x}${mask === undefined ? '' : `, src_key_padding_mask=${mask} == 0`})`,
    }),
    keras: () => kerasCannot('TransformerEncoderLayer', 'one layer: use MultiheadAttention, Add, LayerNorm and Linear'),
  },
  samples: [
    { inputs: [[5, 8]], parameters: { nhead: 2, dimFeedforward: 12 } },
    { inputs: [[4, 6], [4]], ports: ['input', 'mask'], parameters: { nhead: 2, dimFeedforward: 7 } },
    { inputs: [[4, 6]], parameters: { nhead: 3, dimFeedforward: 5, activation: 'gelu', normFirst: true, dropout: 0 } },
  ],
});
