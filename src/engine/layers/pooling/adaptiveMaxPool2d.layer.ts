import { defineLayer, LayerError } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne, pair, pythonCall } from '../python.ts';

const parameters = {
  outputSize: {
    kind: 'integers',
    default: [1, 1],
    min: 1,
    help: 'Height and width of the output; 1 × 1 keeps the largest of the whole image. Must divide the size of the input.',
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
    const [channels, height, width] = imageOf('AdaptiveMaxPool2d', input!);
    // PyTorch's windows overlap where the sizes do not divide; that case is not offered.
    if (height % outputSize[0]! !== 0 || width % outputSize[1]! !== 0) {
      throw new LayerError(`The output size ${outputSize.join('×')} does not divide images of ${height}×${width}.`, {
        parameter: 'outputSize',
        fixes: [{ kind: 'setParameter', parameter: 'outputSize', value: [1, 1] }],
      });
    }
    return { outputs: [[channels, ...outputSize]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    const kernelSize = inputs[0]!.type.shape.slice(2).map((size, i) => size / parameters.outputSize[i]!);
    return [emit.op('maxPool', [inputs[0]!], { kernelSize, stride: kernelSize, padding: [0, 0], dilation: [1, 1] })];
  },
  emit: {
    name: 'pool',
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.AdaptiveMaxPool2d', [pair(parameters.outputSize)]),
      apply: applyOne,
    }),
    keras: ({ parameters, inputs }) => {
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
  ],
});
