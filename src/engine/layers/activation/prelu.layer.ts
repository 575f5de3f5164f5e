import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, pythonCall } from '../python.ts';

const parameters = {
  numParameters: {
    kind: 'integer',
    default: 1,
    min: 1,
    help: 'How many slopes are learned: 1 for all, or one for each channel.',
  },
  init: { kind: 'number', default: 0.25, step: 0.05, help: 'The slopes at the start.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    PReLU: typeof parameters;
  }
}

/** He et al. 2015; https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html */
export default defineLayer({
  type: 'PReLU',
  title: 'PReLU',
  category: 'Activation',
  icon: 'trending-up',
  help: {
    summary: 'A ReLU whose slope on the negative side is learned.',
    shapes: '[N, …] → [N, …], y = max(0, x) + weight · min(0, x)',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { numParameters, init }) {
    if (numParameters !== 1 && numParameters !== input![0]) {
      throw new LayerError(`PReLU has ${numParameters} slopes and receives samples of ${formatShape(input!)}.`, {
        parameter: 'numParameters',
        fixes: [{ kind: 'setParameter', parameter: 'numParameters', value: input![0] ?? 1 }],
      });
    }
    const weight = {
      name: 'weight',
      shape: [numParameters],
      initial: { kind: 'constant', value: init },
      trainable: true,
    };
    return {
      outputs: [input!],
      weights: [weight as typeof weight & { initial: { kind: 'constant' } }],
      multiplyAdds: 0,
    };
  },
  lower({ emit, inputs, parameters, weights }) {
    const x = inputs[0]!;
    const after = x.type.shape.slice(2).map(() => 1);
    const slope = emit.op('reshape', [weights.weight!], { shape: [parameters.numParameters, ...after] });
    const negative = emit.op('minimum', [x, emit.fill([], 0)]);
    return [emit.op('add', [emit.op('relu', [x]), emit.op('multiply', [negative, slope])])];
  },
  emit: {
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.PReLU', [], {
        num_parameters: [parameters.numParameters, 1],
        init: [parameters.init, 0.25],
      }),
      apply: applyOne,
    }),
    keras: ({ parameters, inputs }) => {
      const rank = inputs[0]!.length;
      // Keras has a slope for each place unless axes share theirs; channels are its last axis.
      const channel = rank === 3 ? rank : 1;
      const shared = Array.from({ length: rank }, (_, i) => i + 1).filter(
        (axis) => parameters.numParameters === 1 || axis !== channel,
      );
      return {
        make: pythonCall('layers.PReLU', [], {
          alpha_initializer: [{ source: `keras.initializers.Constant(${parameters.init})` }, undefined],
          ...(shared.length > 0 && { shared_axes: [{ source: `[${shared.join(', ')}]` }, undefined] as const }),
        }),
        apply: applyOne,
      };
    },
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    { inputs: [[3, 4, 5]], parameters: { numParameters: 3, init: 0.1 } },
  ],
});
