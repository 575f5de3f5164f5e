import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasCannot } from '../python.ts';

const parameters = {
  transposeB: { kind: 'boolean', default: false, help: 'Exchanges the last two axes of the second input before.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    MatMul: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.matmul.html */
export default defineLayer({
  type: 'MatMul',
  title: 'MatMul',
  category: 'Joining',
  icon: 'x',
  help: {
    summary: 'The matrix product of two tensors, sample by sample: how attention compares everything with everything.',
    shapes: '[N, …, A, B], [N, …, B, C] → [N, …, A, C]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.matmul.html',
  },
  role: 'layer',
  inputs: [{ name: 'a' }, { name: 'b' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([a, b], { transposeB }) {
    const columns = b!.at(transposeB ? -2 : -1);
    const fits =
      a!.length >= 2 &&
      a!.length === b!.length &&
      a!.at(-1) === b!.at(transposeB ? -1 : -2) &&
      a!.slice(0, -2).every((extent, i) => extent === b![i]);
    if (!fits || columns === undefined) {
      throw new LayerError(
        `MatMul can't multiply samples of ${formatShape(a!)} and ${formatShape(b!)}: columns of the first must be rows of the second.`,
        { parameter: 'transposeB' },
      );
    }
    const output = [...a!.slice(0, -1), columns];
    const multiplyAdds = a!.reduce((product, extent) => product * extent, columns);
    return { outputs: [output], weights: [], multiplyAdds };
  },
  lower: ({ emit, inputs, parameters }) => [
    emit.op('matmul', inputs, { transposeA: false, transposeB: parameters.transposeB }),
  ],
  emit: {
    pytorch: ({ parameters }) => ({
      apply: (_layer, [a, b]) => (parameters.transposeB ? `${a} @ ${b}.transpose(-2, -1)` : `${a} @ ${b}`),
    }),
    keras: ({ parameters, inputs }) => {
      if (inputs[0]!.length === 3) kerasCannot('MatMul', 'images, whose channels are last there');
      return {
        apply: (_layer, [a, b]) =>
          parameters.transposeB ? `ops.matmul(${a}, ops.swapaxes(${b}, -2, -1))` : `ops.matmul(${a}, ${b})`,
      };
    },
  },
  samples: [
    {
      inputs: [
        [3, 4],
        [4, 5],
      ],
      parameters: {},
    },
    {
      inputs: [
        [2, 3, 4],
        [2, 5, 4],
      ],
      parameters: { transposeB: true },
    },
  ],
});
