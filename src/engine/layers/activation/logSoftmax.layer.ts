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
    LogSoftmax: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html */
export default defineLayer({
  type: 'LogSoftmax',
  title: 'LogSoftmax',
  category: 'Activation',
  icon: 'chart-no-axes-column',
  help: {
    summary: 'The logarithm of Softmax, computed without overflow.',
    shapes: '[N, …] → [N, …], yᵢ = xᵢ − log Σⱼ exp(xⱼ)',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { dim }) {
    axisOf('LogSoftmax', dim, input!);
    return { outputs: [input!], weights: [], multiplyAdds: 0 };
  },
  lower: ({ emit, inputs, parameters }) => [
    emit.op('logSoftmax', [inputs[0]!], { axis: axisOf('LogSoftmax', parameters.dim, inputs[0]!.type.shape.slice(1)) }),
  ],
  emit: {
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.LogSoftmax', [], { dim: [parameters.dim, undefined] }),
      apply: applyOne,
    }),
    keras: (context) => ({
      apply: (_layer, [x]) => pythonCall('ops.log_softmax', [{ source: x! }], { axis: [kerasDim(context), -1] }),
    }),
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    { inputs: [[4, 3, 3]], parameters: { dim: 1 } },
  ],
});

function kerasDim({ inputs, parameters }: EmitContext<Schema>): number {
  const sample = inputs[0]!;
  return kerasAxisArgument(axisOf('LogSoftmax', parameters.dim, sample), sample.length);
}
