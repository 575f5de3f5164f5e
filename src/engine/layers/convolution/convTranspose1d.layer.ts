import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, kerasCannot, pair, pythonCall } from '../python.ts';
import { signalOf } from '../signals.ts';
import { requireGroups } from './groups.ts';

const parameters = {
  outChannels: { kind: 'integer', default: 16, min: 1, help: 'Channels of the output.' },
  kernelSize: { kind: 'integers', default: [2], min: 1, help: 'Length of a filter, in points.' },
  stride: {
    kind: 'integers',
    default: [2],
    min: 1,
    help: 'How far apart input points lie in the output: 2 doubles the length.',
  },
  padding: { kind: 'integers', default: [0], min: 0, help: 'Numbers cut off at each end of the output.' },
  outputPadding: {
    kind: 'integers',
    default: [0],
    min: 0,
    help: 'Numbers added at the end of the output.',
  },
  dilation: { kind: 'integers', default: [1], min: 1, help: 'Distance between the points of a filter.' },
  groups: { kind: 'integer', default: 1, min: 1, help: 'Splits the channels into groups that do not see each other.' },
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
    ConvTranspose1d: typeof parameters;
  }
}

/** The transpose of a convolution: https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html */
export default defineLayer({
  type: 'ConvTranspose1d',
  title: 'ConvTranspose1d',
  category: 'Convolution',
  icon: 'expand',
  help: {
    summary:
      'Spreads each input point over a stretch of the output: a learnable way to make signals longer, as decoders need.',
    shapes:
      '[N, Cin, L] → [N, Cout, Lout], Lout = (L − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { outChannels, kernelSize, stride, padding, outputPadding, dilation, groups, inChannels, bias }) {
    const [channels, length] = signalOf('ConvTranspose1d', input!);
    if (inChannels !== null && inChannels !== channels) {
      throw new LayerError(`ConvTranspose1d expects ${inChannels} channels and receives ${channels}.`, {
        parameter: 'inChannels',
        fixes: [{ kind: 'setParameter', parameter: 'inChannels', value: channels }],
      });
    }
    requireGroups('ConvTranspose1d', groups, channels, outChannels);
    if (outputPadding.some((extra, i) => extra >= Math.max(stride[i]!, dilation[i]!))) {
      throw new LayerError('outputPadding must be smaller than the stride or the dilation.', {
        parameter: 'outputPadding',
        fixes: [{ kind: 'setParameter', parameter: 'outputPadding', value: [0] }],
      });
    }
    const output = [length].map(
      (size, i) =>
        (size - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (kernelSize[i]! - 1) + outputPadding[i]! + 1,
    );
    if (output.some((size) => size < 1)) {
      throw new LayerError(`The padding of ConvTranspose1d leaves nothing of its output (${output.join('×')}).`, {
        parameter: 'padding',
        fixes: [{ kind: 'setParameter', parameter: 'padding', value: [0] }],
      });
    }
    // PyTorch takes the fan-in from axis 1 of the weight, which counts output channels here.
    const fanIn = (outChannels / groups) * kernelSize[0]!;
    const initial = { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) } as const;
    const weight = { name: 'weight', shape: [channels, outChannels / groups, ...kernelSize], initial, trainable: true };
    return {
      outputs: [[outChannels, ...output]],
      weights: bias ? [weight, { name: 'bias', shape: [outChannels], initial, trainable: true }] : [weight],
      multiplyAdds: channels * length * fanIn,
    };
  },
  lower({ emit, inputs, parameters, weights }) {
    const { stride, padding, outputPadding, dilation, groups, outChannels, kernelSize } = parameters;
    const length = inputs[0]!.type.shape[2]!;
    const size =
      (length - 1) * stride[0]! - 2 * padding[0]! + dilation[0]! * (kernelSize[0]! - 1) + outputPadding[0]! + 1;
    const attributes = { inputSize: [size], stride, padding, dilation, groups };
    const signal = emit.op('convolutionInputGradient', [inputs[0]!, weights.weight!], attributes);
    if (!weights.bias) return [signal];
    return [emit.op('add', [signal, emit.op('reshape', [weights.bias], { shape: [outChannels, 1] })])];
  },
  emit: {
    name: 'upconv',
    pytorch: ({ parameters, inputs }) => ({
      make: pythonCall('nn.ConvTranspose1d', [inputs[0]![0]!, parameters.outChannels, pair(parameters.kernelSize)], {
        stride: [pair(parameters.stride), 1],
        padding: [pair(parameters.padding), 0],
        output_padding: [pair(parameters.outputPadding), 0],
        groups: [parameters.groups, 1],
        bias: [parameters.bias, true],
        dilation: [pair(parameters.dilation), 1],
      }),
      apply: applyOne,
    }),
    keras: ({ parameters, inputs, outputs }) => {
      const { kernelSize, stride, padding, dilation, groups } = parameters;
      if (groups > 1) kerasCannot('ConvTranspose1d', 'groups');
      if (dilation[0]! > 1) kerasCannot('ConvTranspose1d', 'a dilation');
      // Keras computes the whole spread signal; PyTorch's padding cuts it, its outputPadding cuts less at the end.
      const whole = inputs[0]![1]! * stride[0]! + Math.max(kernelSize[0]! - stride[0]!, 0);
      const after = whole - padding[0]! - outputs[0]![1]!;
      if (after < 0) kerasCannot('ConvTranspose1d', 'an outputPadding above its padding');
      const cropping = padding[0]! + after > 0 ? `layers.Cropping1D((${padding[0]}, ${after}))` : undefined;
      return {
        make: pythonCall('layers.Conv1DTranspose', [parameters.outChannels, pair(kernelSize)], {
          strides: [pair(stride), 1],
          use_bias: [parameters.bias, true],
        }),
        apply: (layer, [x]) => {
          const spread = `${layer}(layers.Permute((2, 1))(${x}))`;
          return `layers.Permute((2, 1))(${cropping ? `${cropping}(${spread})` : spread})`;
        },
      };
    },
  },
  samples: [
    { inputs: [[3, 5]], parameters: { outChannels: 4 } },
    {
      inputs: [[4, 5]],
      parameters: { outChannels: 2, kernelSize: [3], stride: [2], padding: [1], outputPadding: [1], bias: false },
    },
    { inputs: [[4, 4]], parameters: { outChannels: 2, kernelSize: [3], stride: [1], dilation: [2], groups: 2 } },
  ],
});
