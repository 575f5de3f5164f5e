import { formatShape, sizeOf } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, pythonCall } from '../python.ts';

const parameters = {
  outFeatures: { kind: 'integer', default: 128, min: 1, help: 'Number of neurons: size of each output sample.' },
  inFeatures: {
    kind: 'autoInteger',
    default: null,
    min: 1,
    help: 'Size of each input sample; found from the wire while empty.',
  },
  bias: { kind: 'boolean', default: true, help: 'Adds a learnable bias to the output.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Linear: typeof parameters;
  }
}

/** y = x·Wᵀ + b on the last axis: https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html */
export default defineLayer({
  type: 'Linear',
  title: 'Linear',
  category: 'Core',
  icon: 'align-justify',
  help: {
    summary: 'Fully connected layer: each output is a weighted sum of all inputs, plus a bias.',
    shapes: '[N, …, in] → [N, …, out]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { outFeatures, inFeatures, bias }) {
    const features = input!.at(-1);
    if (features === undefined) throw new LayerError('Linear expects at least one axis of features.');
    if (input!.length > 2) {
      // PyTorch would work along the width of the image, which is never what is meant.
      throw new LayerError(`Linear expects a list of features and receives images of ${formatShape(input!)}.`, {
        fixes: [{ kind: 'insertBefore', layer: 'Flatten' }],
      });
    }
    if (inFeatures !== null && inFeatures !== features) {
      throw new LayerError(`Linear expects ${inFeatures} features and receives ${features}.`, {
        parameter: 'inFeatures',
        fixes: [{ kind: 'setParameter', parameter: 'inFeatures', value: features }],
      });
    }
    // PyTorch's reset_parameters: Kaiming uniform with a = √5, which is U(−1/√in, 1/√in) for both.
    const initial = { kind: 'uniform', bound: 1 / Math.sqrt(features) } as const;
    const weight = { name: 'weight', shape: [outFeatures, features], initial, trainable: true };
    return {
      outputs: [[...input!.slice(0, -1), outFeatures]],
      weights: bias ? [weight, { name: 'bias', shape: [outFeatures], initial, trainable: true }] : [weight],
      multiplyAdds: sizeOf(input!) * outFeatures,
    };
  },
  lower({ emit, inputs, weights }) {
    const product = emit.op('matmul', [inputs[0]!, weights.weight!], { transposeA: false, transposeB: true });
    return [weights.bias ? emit.op('add', [product, weights.bias]) : product];
  },
  emit: {
    name: 'fc',
    pytorch: ({ parameters, inputs }) => ({
      make: pythonCall('nn.Linear', [inputs[0]!.at(-1)!, parameters.outFeatures], { bias: [parameters.bias, true] }),
      apply: applyOne,
    }),
    keras: ({ parameters }) => ({
      make: pythonCall('layers.Dense', [parameters.outFeatures], { use_bias: [parameters.bias, true] }),
      apply: applyOne,
      takesActivation: true,
    }),
  },
  samples: [
    { inputs: [[20]], parameters: { outFeatures: 30 } },
    { inputs: [[4, 7]], parameters: { outFeatures: 3, bias: false } },
  ],
});
