import { axisOf } from '../axis.ts';
import { defineLayer, type EmitContext } from '../defineLayer.ts';
import { applyOne, kerasAxisArgument, pythonCall } from '../python.ts';

const parameters = {
  dim: {
    kind: 'integer',
    default: -1,
    help: 'Axis along which the numbers compete; -1 is the last, 1 the first after the batch (channels of an image).',
  },
} as const;

type Schema = typeof parameters;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Softmax: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html */
export default defineLayer({
  type: 'Softmax',
  title: 'Softmax',
  category: 'Activation',
  icon: 'chart-no-axes-column',
  help: {
    summary: 'Turns scores into probabilities that add up to 1. CrossEntropyLoss does this itself: give it the scores.',
    shapes: '[N, …] → [N, …], yᵢ = exp(xᵢ) / Σⱼ exp(xⱼ)',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { dim }) {
    axisOf('Softmax', dim, input!);
    return { outputs: [input!], weights: [], multiplyAdds: 0 };
  },
  lower: ({ emit, inputs, parameters }) => [
    emit.op('softmax', [inputs[0]!], { axis: axisOf('Softmax', parameters.dim, inputs[0]!.type.shape.slice(1)) }),
  ],
  emit: {
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.Softmax', [], { dim: [parameters.dim, undefined] }),
      apply: applyOne,
    }),
    keras: (context) => ({
      make: pythonCall('layers.Softmax', [], { axis: [kerasDim(context), -1] }),
      apply: applyOne,
      ...(kerasDim(context) === -1 && { activation: 'softmax' }),
    }),
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    { inputs: [[4, 3, 3]], parameters: { dim: 1 } },
  ],
});

function kerasDim({ inputs, parameters }: EmitContext<Schema>): number {
  const sample = inputs[0]!;
  return kerasAxisArgument(axisOf('Softmax', parameters.dim, sample), sample.length);
}
