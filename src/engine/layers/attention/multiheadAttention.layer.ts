import { formatShape } from '../../ir/shape.ts';
import type { Shape } from '../../ir/types.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { maskPort, requireMask } from '../masks.ts';
import { inputAt } from '../ports.ts';
import { pythonCall, pythonFloat } from '../python.ts';
import { attend, attentionWeights, pytorchCausal, sequenceOf } from './attention.ts';

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
  rotary: {
    kind: 'boolean',
    default: false,
    help: 'Turns queries and keys of each head by their places, so that what counts is how far apart they are.',
  },
  rotaryBase: {
    kind: 'number',
    default: 10_000,
    min: 1,
    help: 'With rotary: how slowly the slowest pair of features turns, larger for longer sequences.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerOptionalPorts {
    MultiheadAttention: 'keyMask';
  }
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
    shapes: '[N, T, E] (, [N, S, E]) (, keyMask [N, S]) → [N, T, E], softmax(Q·Kᵀ / √(E / heads)) · V',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html',
  },
  role: 'layer',
  inputs: [{ name: 'inputs', many: true }, maskPort('keyMask')],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer(inputs, { numHeads, bias, rotary }, _, ports) {
    const sequences = inputs.filter((_, i) => ports[i] === 'inputs');
    const [query, memory = query] = sequences;
    const [steps, features] = sequenceOf('MultiheadAttention', query!, numHeads);
    const [seen, others] = sequenceOf('MultiheadAttention', memory!, numHeads);
    if (sequences.length > 2 || others !== features) {
      throw new LayerError(
        `MultiheadAttention takes one sequence, or two with as many features each, and receives ${sequences.map(formatShape).join(' and ')}.`,
      );
    }
    requireMask('MultiheadAttention', 'keyMask', inputAt('keyMask', inputs, ports), seen);
    const size = features / numHeads;
    if (rotary && size % 2 !== 0) {
      throw new LayerError(
        `MultiheadAttention with rotary places needs an even number of features a head and has ${size}: choose other heads.`,
        { parameter: 'numHeads' },
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
    const { inputs, ports, parameters } = context;
    const [query, memory = query] = inputs.filter((_, i) => ports[i] === 'inputs');
    const given = { query: query!, key: memory!, value: memory! };
    const rotaryBase = parameters.rotary ? parameters.rotaryBase : undefined;
    return [attend(context, '', given, { ...parameters, keyMask: inputAt('keyMask', inputs, ports), rotaryBase })];
  },
  emit: {
    name: 'attention',
    pytorch: ({ parameters: { numHeads, dropout, bias, causal, rotary, rotaryBase }, inputs, ports }) => {
      const { steps, features, seen } = sizesOf(inputs, ports);
      const settings = { dropout: [dropout, 0], bias: [bias, true] } as const;
      if (rotary) {
        return {
          make: pythonCall('RotaryAttention', [features, numHeads, pythonFloat(rotaryBase)], settings),
          support: PYTORCH_ROTARY,
          apply: (layer, given) => {
            const { x, memory, mask } = sourcesOf(given, ports);
            const allowed = [
              ...(causal ? [`torch.ones(${steps}, ${seen}, dtype=torch.bool, device=${x}.device).tril()`] : []),
              ...(mask === undefined ? [] : [`(${mask} != 0)[:, None, None]`]),
            ];
            return `${layer}(${[x, memory, ...(allowed.length > 0 ? [allowed.join(' & ')] : [])].join(', ')})`;
          },
        };
      }
      return {
        make: pythonCall('nn.MultiheadAttention', [features, numHeads], { ...settings, batch_first: [true, false] }),
        apply: (layer, given) => {
          const { x = '', memory, mask } = sourcesOf(given, ports);
          const later = causal ? `, attn_mask=${pytorchCausal(x, steps, seen, mask !== undefined)}` : '';
          const padding = mask === undefined ? '' : `, key_padding_mask=${mask} == 0`;
          return `${layer}(${x}, ${memory}, ${memory}, need_weights=False${later}${padding})[0]`;
        },
      };
    },
    keras: ({ parameters: { numHeads, dropout, bias, causal, rotary, rotaryBase }, inputs, ports }) => ({
      make: pythonCall(rotary ? 'RotaryAttention' : 'layers.MultiHeadAttention', [numHeads], {
        key_dim: [sizesOf(inputs, ports).features / numHeads, undefined],
        ...(rotary && { base: [pythonFloat(rotaryBase), undefined] }),
        dropout: [dropout, 0],
        use_bias: [bias, true],
      }),
      ...(rotary && { support: KERAS_ROTARY }),
      apply: (layer, given) => {
        const { x, memory, mask } = sourcesOf(given, ports);
        const padding = mask === undefined ? '' : `, key_mask=ops.not_equal(${mask}, 0)`;
        return `${layer}(${x}, ${memory}${padding}${causal ? ', use_causal_mask=True' : ''})`;
      },
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
    { inputs: [[5, 8], [5]], ports: ['inputs', 'keyMask'], parameters: { numHeads: 2, causal: true } },
    { inputs: [[3, 4], [5, 4], [5]], ports: ['inputs', 'inputs', 'keyMask'], parameters: { numHeads: 2 } },
    { inputs: [[5, 8]], parameters: { numHeads: 2, rotary: true, bias: false } },
    {
      inputs: [[4, 6], [4]],
      ports: ['inputs', 'keyMask'],
      parameters: { numHeads: 3, rotary: true, rotaryBase: 100, causal: true },
    },
  ],
});

function sizesOf(inputs: readonly Shape[], ports: readonly string[]) {
  const [query, memory = query] = inputs.filter((_, i) => ports[i] === 'inputs');
  const [steps, features] = query as [number, number];
  return { steps, features, seen: memory![0]! };
}

/** The arguments of a call by what they are. */
function sourcesOf(given: readonly string[], ports: readonly string[]) {
  const [x, memory = x] = given.filter((_, i) => ports[i] === 'inputs');
  return { x, memory, mask: inputAt('keyMask', given, ports) };
}

const PYTORCH_ROTARY = `class RotaryAttention(nn.MultiheadAttention):
    """Attention whose queries and keys are turned by their places (Su et al. 2021)."""

    def __init__(self, features, heads, base, **settings):
        super().__init__(features, heads, batch_first=True, **settings)
        self.base = base

    def turned(self, x):
        half = x.shape[-1] // 2
        rates = self.base ** (-torch.arange(half, device=x.device) / half)
        angles = torch.arange(x.shape[-2], device=x.device).unsqueeze(1) * rates
        a, b = x.chunk(2, dim=-1)
        return torch.cat((a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()), dim=-1)

    def forward(self, query, memory, allowed=None):
        biases = (None,) * 3 if self.in_proj_bias is None else self.in_proj_bias.chunk(3)
        parts = zip((query, memory, memory), self.in_proj_weight.chunk(3), biases)
        q, k, v = (F.linear(*part).unflatten(-1, (self.num_heads, -1)).transpose(1, 2) for part in parts)
        dropout = self.dropout if self.training else 0.0
        y = F.scaled_dot_product_attention(self.turned(q), self.turned(k), v, attn_mask=allowed, dropout_p=dropout)
        return self.out_proj(y.transpose(1, 2).flatten(2))
`;

const KERAS_ROTARY = `class RotaryAttention(layers.MultiHeadAttention):
    """Attention whose queries and keys are turned by their places (Su et al. 2021)."""

    def __init__(self, num_heads, key_dim, base, **settings):
        super().__init__(num_heads, key_dim, **settings)
        self.base = base

    def turned(self, x):
        half = x.shape[-1] // 2
        rates = self.base ** (-ops.arange(half, dtype="float32") / half)
        angles = ops.reshape(ops.arange(x.shape[1], dtype="float32"), (-1, 1, 1)) * rates
        a, b = ops.split(x, 2, axis=-1)
        cos, sin = ops.cos(angles), ops.sin(angles)
        return ops.concatenate((a * cos - b * sin, b * cos + a * sin), axis=-1)

    def _compute_attention(self, query, key, value, *arguments, **settings):
        return super()._compute_attention(self.turned(query), self.turned(key), value, *arguments, **settings)
`;
