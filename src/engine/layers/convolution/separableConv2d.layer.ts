import { sizeOf } from '../../ir/shape.ts';
import { defineLayer } from '../defineLayer.ts';
import { imageOf, windowOutput } from '../images.ts';
import { kerasCannot, pair, pythonCall } from '../python.ts';
import { bordersOf, kerasZeros, withBorders } from './borders.ts';
import { paddingArgument, plusBias } from './conv.ts';

const parameters = {
  outChannels: { kind: 'integer', default: 32, min: 1, help: 'Channels of the output.' },
  kernelSize: { kind: 'integers', default: [3, 3], min: 1, help: 'Height and width of the filter of each channel.' },
  stride: { kind: 'integers', default: [1, 1], min: 1, help: 'Step of the filter along each axis.' },
  padding: {
    kind: 'integers',
    default: [0, 0],
    min: 0,
    words: ['valid', 'same'],
    help: 'Zeros at each side; "same" keeps the size of the input (at stride 1), "valid" adds none.',
  },
  dilation: { kind: 'integers', default: [1, 1], min: 1, help: 'Distance between the points of a filter.' },
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
    shapes: '[N, Cin, H, W] → [N, Cout, Hout, Wout], Hout = ⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1',
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
    const { before, after } = bordersOf('SeparableConv2d', parameters);
    const wide = [height, width].map((size, i) => size + before[i]! + after[i]!);
    const output = windowOutput('SeparableConv2d', wide, { ...parameters, padding: [0, 0] });
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
    const { stride, dilation } = parameters;
    const x = withBorders(emit, inputs[0]!, bordersOf('SeparableConv2d', parameters), 'zeros');
    const groups = x.type.shape[1]!;
    const each = emit.op('convolution', [x, weights['0.weight']!], { stride, padding: [0, 0], dilation, groups });
    const plain = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 };
    const mixed = emit.op('convolution', [each, weights['1.weight']!], plain);
    return [plusBias(emit, mixed, weights['1.bias'])];
  },
  emit: {
    name: 'conv',
    pytorch: ({ parameters, inputs }) => {
      const channels = inputs[0]![0]!;
      const depthwise = pythonCall('nn.Conv2d', [channels, channels, pair(parameters.kernelSize)], {
        stride: [pair(parameters.stride), 1],
        padding: [paddingArgument(parameters.padding), 0],
        dilation: [pair(parameters.dilation), 1],
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
    keras: ({ parameters }) => {
      if (parameters.dilation.some((distance, i) => distance > 1 && parameters.stride[i]! > 1)) {
        kerasCannot('SeparableConv2d', 'both a stride and a dilation');
      }
      const borders = bordersOf('SeparableConv2d', parameters);
      return {
        make: pythonCall('layers.SeparableConv2D', [parameters.outChannels, pair(parameters.kernelSize)], {
          strides: [pair(parameters.stride), 1],
          dilation_rate: [pair(parameters.dilation), 1],
          use_bias: [parameters.bias, true],
        }),
        takesActivation: true,
        apply: (layer, [x]) => `${layer}(${kerasZeros(x!, borders)})`,
      };
    },
  },
  samples: [
    { inputs: [[3, 8, 7]], parameters: { outChannels: 5 } },
    { inputs: [[4, 9, 9]], parameters: { outChannels: 6, stride: [2, 2], padding: [1, 1], bias: false } },
    { inputs: [[2, 6, 5]], parameters: { outChannels: 3, kernelSize: [2, 3], padding: 'same', dilation: [2, 2] } },
  ],
});
