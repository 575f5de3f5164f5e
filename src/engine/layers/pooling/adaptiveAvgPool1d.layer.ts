import { defineLayer } from '../defineLayer.ts';
import { applyOne, kerasCannot, pair, pythonCall } from '../python.ts';
import { kerasSignal, signalOf } from '../signals.ts';
import { averageProducts, averageTo, divides } from './adaptive.ts';

const parameters = {
  outputSize: {
    kind: 'integers',
    default: [1],
    min: 1,
    help: 'Length of the output; 1 averages the whole signal.',
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
    const [channels] = signalOf('AdaptiveAvgPool1d', input!);
    const multiplyAdds = averageProducts(input!, outputSize);
    return { outputs: [[channels, outputSize[0]!]], weights: [], multiplyAdds };
  },
  lower({ emit, inputs, parameters }) {
    return [averageTo(emit, inputs[0]!, parameters.outputSize)];
  },
  emit: {
    name: 'pool',
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.AdaptiveAvgPool1d', [pair(parameters.outputSize)]),
      apply: applyOne,
    }),
    keras: ({ parameters, inputs }) => {
      if (!divides(inputs[0]!.slice(1), parameters.outputSize))
        kerasCannot('AdaptiveAvgPool1d', 'windows that overlap');
      return {
        make: pythonCall('layers.AveragePooling1D', [inputs[0]![1]! / parameters.outputSize[0]!]),
        apply: kerasSignal,
      };
    },
  },
  samples: [
    { inputs: [[3, 7]], parameters: {} },
    { inputs: [[2, 8]], parameters: { outputSize: [4] } },
    { inputs: [[2, 7]], parameters: { outputSize: [3] } },
  ],
});
