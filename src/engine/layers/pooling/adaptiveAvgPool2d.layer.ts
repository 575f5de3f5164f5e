import { defineLayer } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne, kerasCannot, pair, pythonCall } from '../python.ts';
import { averageProducts, averageTo, divides } from './adaptive.ts';

const parameters = {
  outputSize: {
    kind: 'integers',
    default: [1, 1],
    min: 1,
    help: 'Height and width of the output; 1 × 1 averages the whole image.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    AdaptiveAvgPool2d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html */
export default defineLayer({
  type: 'AdaptiveAvgPool2d',
  title: 'Global AvgPool2d',
  category: 'Pooling',
  icon: 'focus',
  help: {
    summary:
      'Averages each channel down to a fixed size, usually a single number: what stands before the last Linear of a modern CNN.',
    shapes: '[N, C, H, W] → [N, C, outputSize[0], outputSize[1]]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { outputSize }) {
    const [channels] = imageOf('AdaptiveAvgPool2d', input!);
    const multiplyAdds = averageProducts(input!, outputSize);
    return { outputs: [[channels, ...outputSize]], weights: [], multiplyAdds };
  },
  lower({ emit, inputs, parameters }) {
    return [averageTo(emit, inputs[0]!, parameters.outputSize)];
  },
  emit: {
    name: 'pool',
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.AdaptiveAvgPool2d', [pair(parameters.outputSize)]),
      apply: applyOne,
    }),
    keras: ({ parameters, inputs }) => {
      if (!divides(inputs[0]!.slice(1), parameters.outputSize))
        kerasCannot('AdaptiveAvgPool2d', 'windows that overlap');
      const kernelSize = inputs[0]!.slice(1).map((size, i) => size / parameters.outputSize[i]!);
      const whole = parameters.outputSize.every((size) => size === 1);
      return {
        make: whole
          ? 'layers.GlobalAveragePooling2D(keepdims=True)'
          : pythonCall('layers.AveragePooling2D', [pair(kernelSize)]),
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
