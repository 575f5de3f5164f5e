import { defineLayer } from '../defineLayer.ts';
import { windowOutput } from '../images.ts';
import { applyOne, kerasCannot, pair, pythonCall } from '../python.ts';
import { flatPair, kerasSignal, signalOf } from '../signals.ts';
import { requirePoolPadding, strideOf } from './window.ts';

const parameters = {
  kernelSize: { kind: 'integers', default: [2], min: 1, help: 'Length of the window.' },
  stride: { kind: 'integers', default: [0], min: 0, help: 'Step of the window; 0 is the size of the window.' },
  padding: {
    kind: 'integers',
    default: [0],
    min: 0,
    help: 'Border at each end that never wins; at most half the window.',
  },
  dilation: { kind: 'integers', default: [1], min: 1, help: 'Distance between the points of a window.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    MaxPool1d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html */
export default defineLayer({
  type: 'MaxPool1d',
  title: 'MaxPool1d',
  category: 'Pooling',
  icon: 'minimize-2',
  help: {
    summary: 'Keeps the largest number of each window of a signal.',
    shapes: '[N, C, L] → [N, C, Lout], Lout = ⌊(L + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], parameters) {
    const [channels, length] = signalOf('MaxPool1d', input!);
    requirePoolPadding('MaxPool1d', parameters);
    const [output] = windowOutput('MaxPool1d', [length], { ...parameters, stride: strideOf(parameters) });
    return { outputs: [[channels, output]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    const [batch, channels, length] = inputs[0]!.type.shape as [number, number, number];
    const image = emit.op('reshape', [inputs[0]!], { shape: [batch, channels, 1, length] });
    const pooled = emit.op('maxPool2d', [image], {
      kernelSize: flatPair(parameters.kernelSize),
      stride: flatPair(strideOf(parameters)),
      padding: flatPair(parameters.padding, 0),
      dilation: flatPair(parameters.dilation),
    });
    return [emit.op('reshape', [pooled], { shape: [batch, channels, pooled.type.shape[3]!] })];
  },
  emit: {
    name: 'pool',
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.MaxPool1d', [pair(parameters.kernelSize)], {
        stride: [pair(strideOf(parameters)), pair(parameters.kernelSize)],
        padding: [pair(parameters.padding), 0],
        dilation: [pair(parameters.dilation), 1],
      }),
      apply: applyOne,
    }),
    keras: ({ parameters }) => {
      const { kernelSize, padding, dilation } = parameters;
      if (dilation[0]! > 1) kerasCannot('MaxPool1d', 'a dilation');
      const border = `((0, 0), (0, 0), (${padding[0]}, ${padding[0]}))`;
      return {
        make: pythonCall('layers.MaxPooling1D', [pair(kernelSize)], {
          strides: [pair(strideOf(parameters)), pair(kernelSize)],
        }),
        apply: (layer, [x]) =>
          kerasSignal(layer, [padding[0]! > 0 ? `ops.pad(${x}, ${border}, constant_values=float("-inf"))` : x!]),
      };
    },
  },
  samples: [
    { inputs: [[3, 8]], parameters: {} },
    { inputs: [[2, 9]], parameters: { kernelSize: [3], stride: [2], padding: [1] } },
  ],
});
