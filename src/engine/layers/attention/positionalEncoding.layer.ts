import { formatShape } from '../../ir/shape.ts';
import { binary, constant, exp, index, multiply, select, subtract, unary } from '../../kernels/expression.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    PositionalEncoding: typeof parameters;
  }
}

/** Vaswani et al. 2017, section 3.5: https://arxiv.org/abs/1706.03762 */
export default defineLayer({
  type: 'PositionalEncoding',
  title: 'PositionalEncoding',
  category: 'Attention',
  icon: 'waves',
  help: {
    summary: 'Adds sines and cosines of the place to each step, because attention by itself does not know the order.',
    shapes: '[N, T, E] → [N, T, E], x + sin(t / 10000^(2i/E)) at even places, cos at odd ones',
    reference: 'https://arxiv.org/abs/1706.03762',
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
        `PositionalEncoding expects sequences with an even number of features and receives samples of ${formatShape(input!)}.`,
      );
    }
    return { outputs: [input!], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs }) {
    const [, steps, features] = inputs[0]!.type.shape as [number, number, number];
    const odd = binary('modulo', index(1), constant(2));
    const pair = subtract(index(1), odd);
    const angle = multiply(index(0), exp(multiply(pair, constant(-Math.log(10_000) / features))));
    const wave = select(odd, unary('cos', angle), unary('sin', angle));
    const code = emit.op('compute', [], { spec: { kind: 'map', dims: [steps, features], loads: [], outputs: [wave] } });
    return [emit.op('add', [inputs[0]!, code])];
  },
  emit: {
    pytorch: ({ inputs }) => {
      const [steps, features] = inputs[0]!;
      const angle = `torch.arange(${steps}).unsqueeze(1) * 10000.0 ** (-torch.arange(0, ${features}, 2) / ${features})`;
      return {
        apply: (_layer, [x]) =>
          `${x} + torch.stack((torch.sin(${angle}), torch.cos(${angle})), dim=-1).flatten(1).to(${x}.device)`,
      };
    },
    keras: ({ inputs }) => {
      const [steps, features] = inputs[0]!;
      const range = (words: string) => `ops.arange(${words}, dtype="float32")`;
      const angle = `ops.expand_dims(${range(`${steps}`)}, 1) * 10000.0 ** (-${range(`0, ${features}, 2`)} / ${features})`;
      return {
        apply: (_layer, [x]) =>
          `${x} + ops.reshape(ops.stack((ops.sin(${angle}), ops.cos(${angle})), axis=-1), (${steps}, ${features}))`,
      };
    },
  },
  samples: [{ inputs: [[5, 6]], parameters: {} }],
});
