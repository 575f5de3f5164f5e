import { formatShape } from '../../ir/shape.ts';
import { axisOf } from '../axis.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasAxisArgument, pythonCall } from '../python.ts';

const parameters = {
  dim: {
    kind: 'integer',
    default: 1,
    help: 'Axis along which the tensors are put together; 1 is the first after the batch (channels of an image).',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Concat: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.cat.html */
export default defineLayer({
  type: 'Concat',
  title: 'Concat',
  category: 'Joining',
  icon: 'combine',
  help: {
    summary: 'Puts tensors side by side along one axis: features of several branches in one tensor.',
    shapes: '[N, A, …], [N, B, …] → [N, A + B, …] for dim 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.cat.html',
  },
  role: 'layer',
  inputs: [{ name: 'inputs', many: true }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer(inputs, { dim }) {
    const first = inputs[0]!;
    if (inputs.length < 2) throw new LayerError('Concat joins two or more tensors: connect another wire to it.');
    const axis = axisOf('Concat', dim, first) - 1;
    for (const shape of inputs) {
      if (shape.length === first.length && shape.every((extent, i) => i === axis || extent === first[i])) continue;
      throw new LayerError(
        `Concat can't put samples of ${inputs.map(formatShape).join(' and ')} together: they may differ in axis ${axis + 1} only.`,
        { parameter: 'dim' },
      );
    }
    const length = inputs.reduce((sum, shape) => sum + shape[axis]!, 0);
    return { outputs: [first.map((extent, i) => (i === axis ? length : extent))], weights: [], multiplyAdds: 0 };
  },
  lower: ({ emit, inputs, parameters }) => [
    emit.op('concat', inputs, { axis: axisOf('Concat', parameters.dim, inputs[0]!.type.shape.slice(1)) }),
  ],
  emit: {
    pytorch: ({ parameters }) => ({
      apply: (_layer, inputs) =>
        pythonCall('torch.cat', [{ source: `[${inputs.join(', ')}]` }], { dim: [parameters.dim, undefined] }),
    }),
    keras: ({ parameters, inputs: [sample] }) => ({
      make: pythonCall('layers.Concatenate', [], {
        axis: [kerasAxisArgument(axisOf('Concat', parameters.dim, sample!), sample!.length), -1],
      }),
      apply: (layer, inputs) => `${layer}([${inputs.join(', ')}])`,
    }),
  },
  samples: [
    { inputs: [[4], [3]], parameters: {} },
    {
      inputs: [
        [2, 3, 4],
        [5, 3, 4],
        [1, 3, 4],
      ],
      parameters: {},
    },
    {
      inputs: [
        [2, 3],
        [2, 6],
      ],
      parameters: { dim: -1 },
    },
  ],
});
