import { defineLayer } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne, kerasCannot, pair, pythonCall } from '../python.ts';
import { divides, largestTo } from './adaptive.ts';

const parameters = {
  outputSize: {
    kind: 'integers',
    default: [1, 1],
    min: 1,
    help: 'Height and width of the output; 1 × 1 keeps the largest of the whole image.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    AdaptiveMaxPool2d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html */
export default defineLayer({
  type: 'AdaptiveMaxPool2d',
  title: 'Global MaxPool2d',
  category: 'Pooling',
  icon: 'focus',
  help: {
    summary:
      'Keeps the largest number of each window of a grid of fixed size, usually one for the whole channel: whether a pattern is anywhere.',
    shapes: '[N, C, H, W] → [N, C, outputSize[0], outputSize[1]]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { outputSize }) {
    const [channels] = imageOf('AdaptiveMaxPool2d', input!);
    return { outputs: [[channels, ...outputSize]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    return [largestTo(emit, inputs[0]!, parameters.outputSize)];
  },
  emit: {
    name: 'pool',
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.AdaptiveMaxPool2d', [pair(parameters.outputSize)]),
      apply: applyOne,
    }),
    keras: ({ parameters, inputs }) => {
      if (!divides(inputs[0]!.slice(1), parameters.outputSize))
        kerasCannot('AdaptiveMaxPool2d', 'windows that overlap');
      const kernelSize = inputs[0]!.slice(1).map((size, i) => size / parameters.outputSize[i]!);
      const whole = parameters.outputSize.every((size) => size === 1);
      return {
        make: whole
          ? 'layers.GlobalMaxPooling2D(keepdims=True)'
          : pythonCall('layers.MaxPooling2D', [pair(kernelSize)]),
        apply: applyOne,
      };
    },
  },
  samples: [
    { inputs: [[3, 7, 5]], parameters: {} },
    { inputs: [[2, 8, 6]], parameters: { outputSize: [4, 2] } },
    { inputs: [[2, 5, 7]], parameters: { outputSize: [3, 2] } },
  ],
});
