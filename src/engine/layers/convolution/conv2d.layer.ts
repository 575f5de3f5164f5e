import { sizeOf } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { imageOf, windowOutput } from '../images.ts';
import { applyOne, pair, pythonCall } from '../python.ts';
import { requireGroups } from './groups.ts';

const parameters = {
  outChannels: { kind: 'integer', default: 32, min: 1, help: 'Number of filters: channels of the output.' },
  kernelSize: { kind: 'integers', default: [3, 3], min: 1, help: 'Height and width of a filter.' },
  stride: { kind: 'integers', default: [1, 1], min: 1, help: 'Step of the filter, down and across.' },
  padding: {
    kind: 'integers',
    default: [0, 0],
    min: 0,
    help: 'Zeros added at each side, above and below, left and right.',
  },
  dilation: { kind: 'integers', default: [1, 1], min: 1, help: 'Distance between the points of a filter.' },
  groups: {
    kind: 'integer',
    default: 1,
    min: 1,
    help: 'Splits the channels into groups that do not see each other; as many as channels is a depthwise convolution.',
  },
  inChannels: {
    kind: 'autoInteger',
    default: null,
    min: 1,
    help: 'Channels of the input; found from the wire while empty.',
  },
  bias: { kind: 'boolean', default: true, help: 'Adds a learnable bias to each output channel.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Conv2d: typeof parameters;
  }
}

/** Cross-correlation over images: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html */
export default defineLayer({
  type: 'Conv2d',
  title: 'Conv2d',
  category: 'Convolution',
  icon: 'scan',
  help: {
    summary:
      'Slides learnable filters over an image; each filter gives one output channel that shows where its pattern is.',
    shapes: '[N, Cin, H, W] → [N, Cout, Hout, Wout], Hout = ⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], parameters) {
    const [channels, height, width] = imageOf('Conv2d', input!);
    const { outChannels, kernelSize, inChannels, groups, bias } = parameters;
    if (inChannels !== null && inChannels !== channels) {
      throw new LayerError(`Conv2d expects ${inChannels} channels and receives ${channels}.`, {
        parameter: 'inChannels',
        fixes: [{ kind: 'setParameter', parameter: 'inChannels', value: channels }],
      });
    }
    requireGroups('Conv2d', groups, channels, outChannels);
    const output = windowOutput('Conv2d', [height, width], parameters);
    const fanIn = (channels / groups) * kernelSize[0]! * kernelSize[1]!;
    // PyTorch's reset_parameters: Kaiming uniform with a = √5, which is U(−1/√fanIn, 1/√fanIn) for both.
    const initial = { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) } as const;
    const weight = { name: 'weight', shape: [outChannels, channels / groups, ...kernelSize], initial, trainable: true };
    return {
      outputs: [[outChannels, ...output]],
      weights: bias ? [weight, { name: 'bias', shape: [outChannels], initial, trainable: true }] : [weight],
      multiplyAdds: outChannels * sizeOf(output) * fanIn,
    };
  },
  lower({ emit, inputs, parameters, weights }) {
    const { stride, padding, dilation, groups, outChannels } = parameters;
    const product = emit.op('convolution', [inputs[0]!, weights.weight!], { stride, padding, dilation, groups });
    if (!weights.bias) return [product];
    return [emit.op('add', [product, emit.op('reshape', [weights.bias], { shape: [outChannels, 1, 1] })])];
  },
  emit: {
    name: 'conv',
    pytorch: ({ parameters, inputs }) => ({
      make: pythonCall('nn.Conv2d', [inputs[0]![0]!, parameters.outChannels, pair(parameters.kernelSize)], {
        stride: [pair(parameters.stride), 1],
        padding: [pair(parameters.padding), 0],
        dilation: [pair(parameters.dilation), 1],
        groups: [parameters.groups, 1],
        bias: [parameters.bias, true],
      }),
      apply: applyOne,
    }),
    keras: ({ parameters }) => {
      const { kernelSize, stride, padding, dilation } = parameters;
      // Keras' "same" puts the odd zero at the end when the stride is above 1, PyTorch pads both sides alike.
      const same =
        padding.some((size) => size > 0) &&
        kernelSize.every((size, i) => stride[i] === 1 && 2 * padding[i]! === dilation[i]! * (size - 1));
      const padded = padding.some((size) => size > 0) && !same;
      return {
        make: pythonCall('layers.Conv2D', [parameters.outChannels, pair(kernelSize)], {
          strides: [pair(stride), 1],
          padding: [{ source: same ? '"same"' : '"valid"' }, { source: '"valid"' }],
          dilation_rate: [pair(dilation), 1],
          groups: [parameters.groups, 1],
          use_bias: [parameters.bias, true],
        }),
        takesActivation: true,
        apply: (layer, [x]) =>
          padded ? `${layer}(${pythonCall('layers.ZeroPadding2D', [pair(padding)])}(${x}))` : `${layer}(${x})`,
      };
    },
  },
  samples: [
    { inputs: [[3, 8, 7]], parameters: { outChannels: 5 } },
    { inputs: [[4, 9, 9]], parameters: { outChannels: 6, stride: [2, 2], padding: [1, 2], groups: 2, bias: false } },
    { inputs: [[2, 9, 9]], parameters: { outChannels: 2, padding: [2, 2], dilation: [2, 2] } },
  ],
});
