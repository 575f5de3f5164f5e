import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasCannot, pythonCall } from '../python.ts';

const parameters = {
  outFeatures: { kind: 'integer', default: 32, min: 1, help: 'Size of each output sample.' },
  bias: { kind: 'boolean', default: true, help: 'Adds a learnable bias to the output.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Bilinear: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.Bilinear.html */
export default defineLayer({
  type: 'Bilinear',
  title: 'Bilinear',
  category: 'Core',
  icon: 'combine',
  help: {
    summary: 'Weighs every product of a number of one input with a number of the other: how two things go together.',
    shapes: '[N, in1], [N, in2] → [N, out], yₖ = x₁ᵀ · Aₖ · x₂ + bₖ',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Bilinear.html',
  },
  role: 'layer',
  inputs: [{ name: 'input1' }, { name: 'input2' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([first, second], { outFeatures, bias }) {
    for (const input of [first!, second!]) {
      if (input.length === 1) continue;
      throw new LayerError(`Bilinear expects two lists of features and receives samples of ${formatShape(input)}.`, {
        fixes: input === first ? [{ kind: 'insertBefore', layer: 'Flatten' }] : [],
      });
    }
    const [in1, in2] = [first![0]!, second![0]!];
    const initial = { kind: 'uniform', bound: 1 / Math.sqrt(in1) } as const;
    const weight = { name: 'weight', shape: [outFeatures, in1, in2], initial, trainable: true };
    return {
      outputs: [[outFeatures]],
      weights: bias ? [weight, { name: 'bias', shape: [outFeatures], initial, trainable: true }] : [weight],
      multiplyAdds: outFeatures * in1 * in2,
    };
  },
  lower({ emit, inputs: [first, second], weights }) {
    const [out, in1, in2] = weights.weight!.type.shape as [number, number, number];
    const batch = first!.type.shape[0]!;
    const matrix = emit.op('reshape', [emit.op('transpose', [weights.weight!], { permutation: [1, 0, 2] })], {
      shape: [in1, out * in2],
    });
    const left = emit.op('matmul', [first!, matrix], { transposeA: false, transposeB: false });
    const products = emit.op('multiply', [
      emit.op('reshape', [left], { shape: [batch, out, in2] }),
      emit.op('reshape', [second!], { shape: [batch, 1, in2] }),
    ]);
    const sum = emit.op('sum', [products], { axes: [2], keepDims: false });
    return [weights.bias ? emit.op('add', [sum, weights.bias]) : sum];
  },
  emit: {
    pytorch: ({ parameters, inputs }) => ({
      make: pythonCall('nn.Bilinear', [inputs[0]![0]!, inputs[1]![0]!, parameters.outFeatures], {
        bias: [parameters.bias, true],
      }),
      apply: (layer, [x, y]) => `${layer}(${x}, ${y})`,
    }),
    keras: () => kerasCannot('Bilinear', 'any setting: it has no such layer'),
  },
  samples: [
    { inputs: [[3], [4]], parameters: { outFeatures: 5 } },
    { inputs: [[2], [2]], parameters: { outFeatures: 1, bias: false } },
  ],
});
