import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, kerasCannot, pythonCall } from '../python.ts';

const parameters = {
  size: { kind: 'integer', default: 5, min: 1, help: 'Neighbouring channels that share one sum of squares.' },
  alpha: { kind: 'number', default: 1e-4, min: 0, step: 1e-4, help: 'Weight of the mean of squares.' },
  beta: { kind: 'number', default: 0.75, min: 0, step: 0.05, help: 'Exponent of the divisor.' },
  k: { kind: 'number', default: 1, min: 0, step: 0.1, help: 'Added to the mean of squares before it is raised.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    LocalResponseNorm: typeof parameters;
  }
}

/** Krizhevsky et al. 2012; https://docs.pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html */
export default defineLayer({
  type: 'LocalResponseNorm',
  title: 'LocalResponseNorm',
  category: 'Normalization',
  icon: 'ruler',
  help: {
    summary: 'Lets neighbouring channels damp each other where they are strong, as AlexNet did.',
    shapes: '[N, C, …] → [N, C, …], y = x / (k + alpha · mean of x² over size channels)^beta',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input]) {
    if (input!.length < 2) {
      throw new LayerError(
        `LocalResponseNorm expects channels of signals or images and receives ${formatShape(input!)}.`,
      );
    }
    return { outputs: [input!], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters: { size, alpha, beta, k } }) {
    const x = inputs[0]!;
    const { shape } = x.type;
    // Zeros beyond the first and the last channel: size/2 before, the rest after.
    const around = (count: number) => shape.map((_, axis) => (axis === 1 ? count : 0));
    const square = emit.op('pad', [emit.op('square', [x])], {
      before: around(Math.floor(size / 2)),
      after: around(Math.floor((size - 1) / 2)),
      value: 0,
    });
    const windows = Array.from({ length: size }, (_, i) =>
      emit.op('slice', [square], { starts: around(i), sizes: shape }),
    );
    const total = windows.reduce((sum, window) => emit.op('add', [sum, window]));
    const divisor = emit.op('add', [emit.op('multiply', [total, emit.fill([], alpha / size)]), emit.fill([], k)]);
    return [emit.op('divide', [x, emit.op('power', [divisor, emit.fill([], beta)])])];
  },
  emit: {
    name: 'norm',
    pytorch: ({ parameters: { size, alpha, beta, k } }) => ({
      make: pythonCall('nn.LocalResponseNorm', [size], { alpha: [alpha, 1e-4], beta: [beta, 0.75], k: [k, 1] }),
      apply: applyOne,
    }),
    keras: () => kerasCannot('LocalResponseNorm', 'any setting: it has no such layer'),
  },
  samples: [
    { inputs: [[6, 3, 4]], parameters: {} },
    { inputs: [[4, 5]], parameters: { size: 2, alpha: 0.5, beta: 0.6, k: 0.8 } },
  ],
});
