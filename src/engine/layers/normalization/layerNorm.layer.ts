import { formatShape, sameShape } from '../../ir/shape.ts';
import type { Shape } from '../../ir/types.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, kerasAxisArgument, pair, pythonCall } from '../python.ts';

const parameters = {
  normalizedShape: {
    kind: 'shape',
    default: [],
    min: 1,
    help: 'The last axes of a sample that are normalized together; empty is the last axis alone.',
  },
  eps: { kind: 'number', default: 1e-5, min: 1e-12, step: 1e-5, help: 'Added to the variance, against division by 0.' },
  affine: { kind: 'boolean', default: true, help: 'Learns a scale and a shift for each place.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    LayerNorm: typeof parameters;
  }
}

/** Ba et al. 2016; https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html */
export default defineLayer({
  type: 'LayerNorm',
  title: 'LayerNorm',
  category: 'Normalization',
  icon: 'ruler',
  help: {
    summary:
      'Brings each sample by itself to mean 0 and variance 1, then scales and shifts it. The same in training and evaluation.',
    shapes: '[N, …, features] → [N, …, features]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { normalizedShape, affine }) {
    const shape = normalizedOf(input!, normalizedShape);
    const weight = (name: string, value: number) =>
      ({ name, shape, initial: { kind: 'constant', value }, trainable: true }) as const;
    return { outputs: [input!], weights: affine ? [weight('weight', 1), weight('bias', 0)] : [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters, weights }) {
    const x = inputs[0]!;
    const { shape } = x.type;
    const count = normalizedOf(shape.slice(1), parameters.normalizedShape).length;
    const axes = Array.from({ length: count }, (_, i) => shape.length - count + i);
    const centred = emit.op('subtract', [x, emit.op('mean', [x], { axes, keepDims: true })]);
    const variance = emit.op('mean', [emit.op('square', [centred])], { axes, keepDims: true });
    const deviation = emit.op('sqrt', [emit.op('add', [variance, emit.fill([], parameters.eps)])]);
    const normal = emit.op('divide', [centred, deviation]);
    if (!weights.weight || !weights.bias) return [normal];
    return [emit.op('add', [emit.op('multiply', [normal, weights.weight]), weights.bias])];
  },
  emit: {
    name: 'norm',
    pytorch: ({ inputs, parameters }) => {
      const shape = normalizedOf(inputs[0]!, parameters.normalizedShape);
      return {
        make: pythonCall('nn.LayerNorm', [shape.length === 1 ? pair(shape) : shape], {
          eps: [parameters.eps, 1e-5],
          elementwise_affine: [parameters.affine, true],
        }),
        apply: applyOne,
      };
    },
    keras: ({ inputs, parameters }) => {
      const rank = inputs[0]!.length;
      const count = normalizedOf(inputs[0]!, parameters.normalizedShape).length;
      const axes = Array.from({ length: count }, (_, i) => kerasAxisArgument(rank - count + 1 + i, rank));
      return {
        make: pythonCall('layers.LayerNormalization', [], {
          axis: [count === 1 ? axes[0]! : axes, -1],
          epsilon: [parameters.eps, 1e-3],
          center: [parameters.affine, true],
          scale: [parameters.affine, true],
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
  throw new LayerError(`LayerNorm normalizes ${formatShape(shape)} and receives samples of ${formatShape(input)}.`, {
    parameter: 'normalizedShape',
    fixes: [{ kind: 'setParameter', parameter: 'normalizedShape', value: [] }],
  });
}
