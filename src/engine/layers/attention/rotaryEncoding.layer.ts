import { formatShape } from '../../ir/shape.ts';
import type { Shape } from '../../ir/types.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { pythonFloat, pythonValue } from '../python.ts';
import { rotated } from './rotary.ts';

const parameters = {
  base: {
    kind: 'number',
    default: 10_000,
    min: 1,
    help: 'How slowly the slowest pair of features turns: larger for longer sequences.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    RotaryEncoding: typeof parameters;
  }
}

/** Su et al. 2021, https://arxiv.org/abs/2104.09864, with the two halves of the features as pairs, as LLaMA has it. */
export default defineLayer({
  type: 'RotaryEncoding',
  title: 'RotaryEncoding',
  category: 'Attention',
  icon: 'rotate-cw',
  help: {
    summary:
      'Turns pairs of features by an angle that grows with the place: products of queries and keys then depend on how far apart they are. For attention built of MatMul and Softmax; MultiheadAttention has it as a parameter.',
    shapes: '[N, T, E] → [N, T, E], (a, b) → (a cos tω − b sin tω, b cos tω + a sin tω), ω = base^(−2i/E)',
    reference: 'https://arxiv.org/abs/2104.09864',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input]) {
    if (input!.length !== 2 || input![1]! % 2 !== 0) {
      throw new LayerError(
        `RotaryEncoding expects sequences with an even number of features and receives samples of ${formatShape(input!)}.`,
      );
    }
    return { outputs: [input!], weights: [], multiplyAdds: 0 };
  },
  lower: ({ emit, inputs, parameters: { base } }) => [rotated(emit, inputs[0]!, base)],
  emit: {
    pytorch: ({ parameters: { base }, inputs }) => {
      const { steps, features, half } = sizesOf(inputs[0]!);
      const angle = `(torch.arange(${steps}).unsqueeze(1) * ${float(base)} ** (-torch.arange(0, ${features}, 2) / ${features})).repeat(1, 2)`;
      return {
        apply: (_layer, [x]) =>
          `${x} * torch.cos(${angle}).to(${x}.device) + torch.cat((-${x}[..., ${half}:], ${x}[..., :${half}]), dim=-1) * torch.sin(${angle}).to(${x}.device)`,
      };
    },
    keras: ({ parameters: { base }, inputs }) => {
      const { steps, features, half } = sizesOf(inputs[0]!);
      const range = (words: string) => `ops.arange(${words}, dtype="float32")`;
      const angle = `ops.tile(ops.expand_dims(${range(`${steps}`)}, 1) * ${float(base)} ** (-${range(`0, ${features}, 2`)} / ${features}), (1, 2))`;
      return {
        apply: (_layer, [x]) =>
          `${x} * ops.cos(${angle}) + ops.concatenate((-${x}[..., ${half}:], ${x}[..., :${half}]), axis=-1) * ops.sin(${angle})`,
      };
    },
  },
  samples: [
    { inputs: [[5, 6]], parameters: {} },
    { inputs: [[3, 2]], parameters: { base: 100 } },
  ],
});

const float = (value: number): string => pythonValue(pythonFloat(value));

function sizesOf([steps, features]: Shape) {
  return { steps: steps!, features: features!, half: features! / 2 };
}
