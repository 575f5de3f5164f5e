import { defineLayer } from '../defineLayer.ts';
import { imageOf, windowOutput } from '../images.ts';
import { applyOne, kerasCannot, pair, pythonCall } from '../python.ts';
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
    help: 'Border at each side that never wins; at most half the window.',
  },
  dilation: { kind: 'integers', default: [1, 1], min: 1, help: 'Distance between the points of a window.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    MaxPool2d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html */
export default defineLayer({
  type: 'MaxPool2d',
  title: 'MaxPool2d',
  category: 'Pooling',
  icon: 'minimize-2',
  help: {
    summary: 'Keeps the largest number of each window, which shrinks the image and makes it less sensitive to shifts.',
    shapes: '[N, C, H, W] → [N, C, Hout, Wout], Hout = ⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], parameters) {
    const [channels, height, width] = imageOf('MaxPool2d', input!);
    requirePoolPadding('MaxPool2d', parameters);
    const output = windowOutput('MaxPool2d', [height, width], { ...parameters, stride: strideOf(parameters) });
    return { outputs: [[channels, ...output]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    const { kernelSize, padding, dilation } = parameters;
    return [emit.op('maxPool2d', [inputs[0]!], { kernelSize, stride: strideOf(parameters), padding, dilation })];
  },
  emit: {
    name: 'pool',
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.MaxPool2d', [pair(parameters.kernelSize)], {
        stride: [pair(strideOf(parameters)), pair(parameters.kernelSize)],
        padding: [pair(parameters.padding), 0],
        dilation: [pair(parameters.dilation), 1],
      }),
      apply: applyOne,
    }),
    keras: ({ parameters }) => {
      const { kernelSize, padding, dilation } = parameters;
      if (dilation.some((distance) => distance > 1)) kerasCannot('MaxPool2d', 'a dilation');
      const [vertical, horizontal] = padding;
      const border = `((0, 0), (${vertical}, ${vertical}), (${horizontal}, ${horizontal}), (0, 0))`;
      return {
        make: pythonCall('layers.MaxPooling2D', [pair(kernelSize)], {
          strides: [pair(strideOf(parameters)), pair(kernelSize)],
        }),
        // Zeros would win over negative numbers: the border must be −∞.
        apply: (layer, [x]) =>
          padding.some((size) => size > 0)
            ? `${layer}(ops.pad(${x}, ${border}, constant_values=float("-inf")))`
            : `${layer}(${x})`,
      };
    },
  },
  samples: [
    { inputs: [[3, 8, 7]], parameters: {} },
    { inputs: [[2, 9, 9]], parameters: { kernelSize: [3, 3], stride: [2, 2], padding: [1, 1] } },
  ],
});
