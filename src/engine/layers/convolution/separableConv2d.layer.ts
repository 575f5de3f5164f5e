import { sizeOf } from '../../ir/shape.ts';
import { defineLayer } from '../defineLayer.ts';
import { imageOf, windowOutput } from '../images.ts';
import { pair, pythonCall } from '../python.ts';

const parameters = {
  outChannels: { kind: 'integer', default: 32, min: 1, help: 'Channels of the output.' },
  kernelSize: { kind: 'integers', default: [3, 3], min: 1, help: 'Height and width of the filter of each channel.' },
  stride: { kind: 'integers', default: [1, 1], min: 1, help: 'Step of the filter, down and across.' },
  padding: {
    kind: 'integers',
    default: [0, 0],
    min: 0,
    help: 'Zeros added at each side, above and below, left and right.',
  },
  bias: { kind: 'boolean', default: true, help: 'Adds a learnable bias to each output channel.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    SeparableConv2d: typeof parameters;
  }
}

/** Chollet 2017; https://keras.io/api/layers/convolution_layers/separable_convolution2d/ */
export default defineLayer({
  type: 'SeparableConv2d',
  title: 'SeparableConv2d',
  category: 'Convolution',
  icon: 'scan',
  help: {
    summary:
      'A filter for each channel by itself, then a mix of the channels at each place: a convolution with far fewer weights.',
    shapes: '[N, Cin, H, W] → [N, Cout, Hout, Wout], Hout = ⌊(H + 2·padding − kernel) / stride⌋ + 1',
    reference: 'https://keras.io/api/layers/convolution_layers/separable_convolution2d/',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], parameters) {
    const [channels, height, width] = imageOf('SeparableConv2d', input!);
    const { outChannels, kernelSize, bias } = parameters;
    const output = windowOutput('SeparableConv2d', [height, width], parameters);
    const area = kernelSize[0]! * kernelSize[1]!;
    // Names and initial values are those of two of PyTorch's convolutions in a Sequential.
    const initial = (fanIn: number) => ({ kind: 'uniform', bound: 1 / Math.sqrt(fanIn) }) as const;
    const weights = [
      { name: '0.weight', shape: [channels, 1, ...kernelSize], initial: initial(area), trainable: true },
      { name: '1.weight', shape: [outChannels, channels, 1, 1], initial: initial(channels), trainable: true },
    ];
    const shift = { name: '1.bias', shape: [outChannels], initial: initial(channels), trainable: true };
    return {
      outputs: [[outChannels, ...output]],
      weights: bias ? [...weights, shift] : weights,
      multiplyAdds: sizeOf(output) * channels * (area + outChannels),
    };
  },
  lower({ emit, inputs, parameters, weights }) {
    const { stride, padding, outChannels } = parameters;
    const x = inputs[0]!;
    const each = emit.op('convolution', [x, weights['0.weight']!], {
      stride,
      padding,
      dilation: [1, 1],
      groups: x.type.shape[1]!,
    });
    const plain = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 };
    const mixed = emit.op('convolution', [each, weights['1.weight']!], plain);
    const bias = weights['1.bias'];
    if (!bias) return [mixed];
    return [emit.op('add', [mixed, emit.op('reshape', [bias], { shape: [outChannels, 1, 1] })])];
  },
  emit: {
    name: 'conv',
    pytorch: ({ parameters, inputs }) => {
      const channels = inputs[0]![0]!;
      const depthwise = pythonCall('nn.Conv2d', [channels, channels, pair(parameters.kernelSize)], {
        stride: [pair(parameters.stride), 1],
        padding: [pair(parameters.padding), 0],
        groups: [channels, 1],
        bias: [false, true],
      });
      const pointwise = pythonCall('nn.Conv2d', [channels, parameters.outChannels, 1], {
        bias: [parameters.bias, true],
      });
      return {
        make: `nn.Sequential(${depthwise}, ${pointwise})`,
        apply: (layer, [x]) => `${layer}(${x})`,
      };
    },
    keras: ({ parameters }) => ({
      make: pythonCall('layers.SeparableConv2D', [parameters.outChannels, pair(parameters.kernelSize)], {
        strides: [pair(parameters.stride), 1],
        use_bias: [parameters.bias, true],
      }),
      takesActivation: true,
      apply: (layer, [x]) =>
        parameters.padding.some((size) => size > 0)
          ? `${layer}(${pythonCall('layers.ZeroPadding2D', [pair(parameters.padding)])}(${x}))`
          : `${layer}(${x})`,
    }),
  },
  samples: [
    { inputs: [[3, 8, 7]], parameters: { outChannels: 5 } },
    { inputs: [[4, 9, 9]], parameters: { outChannels: 6, stride: [2, 2], padding: [1, 1], bias: false } },
  ],
});
