import { defineLayer } from '../defineLayer.ts';
import { imageOf, windowOutput } from '../images.ts';
import { applyOne, pair, pythonCall } from '../python.ts';
import { requirePoolPadding, strideOf } from './window.ts';

const parameters = {
  kernelSize: { kind: 'integers', default: [2, 2], min: 1, help: 'Height and width of the window.' },
  stride: {
    kind: 'integers',
    default: [0, 0],
    min: 0,
    help: 'Step of the window, down and across; 0 is the size of the window.',
  },
  padding: {
    kind: 'integers',
    default: [0, 0],
    min: 0,
    help: 'Zeros added at each side, which count in the average; at most half the window.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    AvgPool2d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html */
export default defineLayer({
  type: 'AvgPool2d',
  title: 'AvgPool2d',
  category: 'Pooling',
  icon: 'shrink',
  help: {
    summary: 'Replaces each window by the average of its numbers.',
    shapes: '[N, C, H, W] → [N, C, Hout, Wout], Hout = ⌊(H + 2·padding − kernel) / stride⌋ + 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], parameters) {
    const [channels, height, width] = imageOf('AvgPool2d', input!);
    requirePoolPadding('AvgPool2d', parameters);
    const output = windowOutput('AvgPool2d', [height, width], { ...parameters, stride: strideOf(parameters) });
    return { outputs: [[channels, ...output]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    const { kernelSize, padding } = parameters;
    return [emit.op('avgPool2d', [inputs[0]!], { kernelSize, stride: strideOf(parameters), padding })];
  },
  emit: {
    name: 'pool',
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.AvgPool2d', [pair(parameters.kernelSize)], {
        stride: [pair(strideOf(parameters)), pair(parameters.kernelSize)],
        padding: [pair(parameters.padding), 0],
      }),
      apply: applyOne,
    }),
    keras: ({ parameters }) => ({
      make: pythonCall('layers.AveragePooling2D', [pair(parameters.kernelSize)], {
        strides: [pair(strideOf(parameters)), pair(parameters.kernelSize)],
      }),
      apply: (layer, [x]) =>
        parameters.padding.some((size) => size > 0)
          ? `${layer}(${pythonCall('layers.ZeroPadding2D', [pair(parameters.padding)])}(${x}))`
          : `${layer}(${x})`,
    }),
  },
  samples: [
    { inputs: [[3, 8, 7]], parameters: {} },
    { inputs: [[2, 9, 9]], parameters: { kernelSize: [3, 3], stride: [2, 2], padding: [1, 1] } },
  ],
});
