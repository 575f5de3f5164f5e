import { defineLayer } from '../defineLayer.ts';
import { windowOutput } from '../images.ts';
import { applyOne, pair, pythonCall } from '../python.ts';
import { flatPair, kerasSignal, signalOf } from '../signals.ts';
import { requirePoolPadding, strideOf } from './window.ts';

const parameters = {
  kernelSize: { kind: 'integers', default: [2], min: 1, help: 'Length of the window.' },
  stride: { kind: 'integers', default: [0], min: 0, help: 'Step of the window; 0 is the size of the window.' },
  padding: {
    kind: 'integers',
    default: [0],
    min: 0,
    help: 'Zeros added at each end, which count in the average; at most half the window.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    AvgPool1d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html */
export default defineLayer({
  type: 'AvgPool1d',
  title: 'AvgPool1d',
  category: 'Pooling',
  icon: 'shrink',
  help: {
    summary: 'Replaces each window of a signal by the average of its numbers.',
    shapes: '[N, C, L] → [N, C, Lout], Lout = ⌊(L + 2·padding − kernel) / stride⌋ + 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], parameters) {
    const [channels, length] = signalOf('AvgPool1d', input!);
    requirePoolPadding('AvgPool1d', parameters);
    const [output] = windowOutput('AvgPool1d', [length], { ...parameters, stride: strideOf(parameters) });
    return { outputs: [[channels, output]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    const [batch, channels, length] = inputs[0]!.type.shape as [number, number, number];
    const image = emit.op('reshape', [inputs[0]!], { shape: [batch, channels, 1, length] });
    const pooled = emit.op('avgPool2d', [image], {
      kernelSize: flatPair(parameters.kernelSize),
      stride: flatPair(strideOf(parameters)),
      padding: flatPair(parameters.padding, 0),
    });
    return [emit.op('reshape', [pooled], { shape: [batch, channels, pooled.type.shape[3]!] })];
  },
  emit: {
    name: 'pool',
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.AvgPool1d', [pair(parameters.kernelSize)], {
        stride: [pair(strideOf(parameters)), pair(parameters.kernelSize)],
        padding: [pair(parameters.padding), 0],
      }),
      apply: applyOne,
    }),
    keras: ({ parameters }) => {
      const { kernelSize, padding } = parameters;
      const border = `((0, 0), (0, 0), (${padding[0]}, ${padding[0]}))`;
      return {
        make: pythonCall('layers.AveragePooling1D', [pair(kernelSize)], {
          strides: [pair(strideOf(parameters)), pair(kernelSize)],
        }),
        apply: (layer, [x]) => kerasSignal(layer, [padding[0]! > 0 ? `ops.pad(${x}, ${border})` : x!]),
      };
    },
  },
  samples: [
    { inputs: [[3, 8]], parameters: {} },
    { inputs: [[2, 9]], parameters: { kernelSize: [3], stride: [2], padding: [1] } },
  ],
});
