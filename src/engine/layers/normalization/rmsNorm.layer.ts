import { formatShape, sameShape } from '../../ir/shape.ts';
import type { Shape } from '../../ir/types.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, kerasAxisArgument, kerasCannot, pair, pythonCall } from '../python.ts';

const parameters = {
  normalizedShape: {
    kind: 'shape',
    default: [],
    min: 1,
    help: 'The last axes of a sample that are normalized together; empty is the last axis alone.',
  },
  // PyTorch's default is the epsilon of float32.
  eps: {
    kind: 'number',
    default: 1.1920928955078125e-7,
    min: 0,
    step: 1e-7,
    help: 'Added to the mean of squares, against division by 0.',
  },
  affine: { kind: 'boolean', default: true, help: 'Learns a scale for each place.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    RMSNorm: typeof parameters;
  }
}

/** Zhang and Sennrich 2019; https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html */
export default defineLayer({
  type: 'RMSNorm',
  title: 'RMSNorm',
  category: 'Normalization',
  icon: 'ruler',
  help: {
    summary:
      'Divides each sample by the root of its mean square: a LayerNorm that leaves the mean alone, cheaper and as good in Transformers.',
    shapes: '[N, …, features] → [N, …, features], y = x / √(mean(x²) + eps) · weight',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { normalizedShape, affine }) {
    const shape = normalizedOf(input!, normalizedShape);
    const weight = { name: 'weight', shape, initial: { kind: 'constant', value: 1 }, trainable: true } as const;
    return { outputs: [input!], weights: affine ? [weight] : [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters, weights }) {
    const x = inputs[0]!;
    const { shape } = x.type;
    const count = normalizedOf(shape.slice(1), parameters.normalizedShape).length;
    const axes = Array.from({ length: count }, (_, i) => shape.length - count + i);
    const square = emit.op('mean', [emit.op('square', [x])], { axes, keepDims: true });
    const normal = emit.op('divide', [x, emit.op('sqrt', [emit.op('add', [square, emit.fill([], parameters.eps)])])]);
    return [weights.weight ? emit.op('multiply', [normal, weights.weight]) : normal];
  },
  emit: {
    name: 'norm',
    pytorch: ({ inputs, parameters }) => {
      const shape = normalizedOf(inputs[0]!, parameters.normalizedShape);
      return {
        make: pythonCall('nn.RMSNorm', [shape.length === 1 ? pair(shape) : shape], {
          eps: [parameters.eps, 1.1920928955078125e-7],
          elementwise_affine: [parameters.affine, true],
        }),
        apply: applyOne,
      };
    },
    keras: ({ inputs, parameters }) => {
      if (!parameters.affine) kerasCannot('RMSNorm', 'no scale');
      const rank = inputs[0]!.length;
      const count = normalizedOf(inputs[0]!, parameters.normalizedShape).length;
      if (count > 1) kerasCannot('RMSNorm', 'several axes');
      return {
        make: pythonCall('layers.RMSNormalization', [], {
          axis: [kerasAxisArgument(rank, rank), -1],
          epsilon: [parameters.eps, 1e-6],
        }),
        apply: applyOne,
      };
    },
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    { inputs: [[3, 4, 5]], parameters: { normalizedShape: [4, 5], affine: false } },
  ],
});

function normalizedOf(input: Shape, given: Shape): Shape {
  const shape = given.length === 0 ? input.slice(-1) : given;
  if (shape.length > 0 && sameShape(shape, input.slice(-shape.length))) return shape;
  throw new LayerError(`RMSNorm normalizes ${formatShape(shape)} and receives samples of ${formatShape(input)}.`, {
    parameter: 'normalizedShape',
    fixes: [{ kind: 'setParameter', parameter: 'normalizedShape', value: [] }],
  });
}
