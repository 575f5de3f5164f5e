import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, pair, pythonCall } from '../python.ts';
import { kerasSignal, signalOf } from '../signals.ts';

const parameters = {
  outputSize: {
    kind: 'integers',
    default: [1],
    min: 1,
    help: 'Length of the output; 1 averages the whole signal. Must divide the length of the input.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    AdaptiveAvgPool1d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html */
export default defineLayer({
  type: 'AdaptiveAvgPool1d',
  title: 'Global AvgPool1d',
  category: 'Pooling',
  icon: 'focus',
  help: {
    summary: 'Averages each channel of a signal down to a fixed length, usually a single number.',
    shapes: '[N, C, L] → [N, C, outputSize]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { outputSize }) {
    const [channels, length] = signalOf('AdaptiveAvgPool1d', input!);
    // PyTorch's windows overlap where the sizes do not divide; that case is not offered.
    if (length % outputSize[0]! !== 0) {
      throw new LayerError(`The output size ${outputSize[0]} does not divide signals of ${length}.`, {
        parameter: 'outputSize',
        fixes: [{ kind: 'setParameter', parameter: 'outputSize', value: [1] }],
      });
    }
    return { outputs: [[channels, outputSize[0]!]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    const [batch, channels, length] = inputs[0]!.type.shape as [number, number, number];
    const count = parameters.outputSize[0]!;
    const windows = emit.op('reshape', [inputs[0]!], { shape: [batch, channels, count, length / count] });
    return [emit.op('mean', [windows], { axes: [3], keepDims: false })];
  },
  emit: {
    name: 'pool',
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.AdaptiveAvgPool1d', [pair(parameters.outputSize)]),
      apply: applyOne,
    }),
    keras: ({ parameters, inputs }) => ({
      make: pythonCall('layers.AveragePooling1D', [inputs[0]![1]! / parameters.outputSize[0]!]),
      apply: kerasSignal,
    }),
  },
  samples: [
    { inputs: [[3, 7]], parameters: {} },
    { inputs: [[2, 8]], parameters: { outputSize: [4] } },
  ],
});
