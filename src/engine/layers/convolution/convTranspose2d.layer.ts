import { defineLayer, LayerError } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne, kerasCannot, pair, pythonCall } from '../python.ts';
import { requireGroups } from './groups.ts';

const parameters = {
  outChannels: { kind: 'integer', default: 16, min: 1, help: 'Channels of the output.' },
  kernelSize: { kind: 'integers', default: [2, 2], min: 1, help: 'Height and width of a filter.' },
  stride: {
    kind: 'integers',
    default: [2, 2],
    min: 1,
    help: 'How far apart input points lie in the output: 2 doubles the size.',
  },
  padding: { kind: 'integers', default: [0, 0], min: 0, help: 'Rows and columns cut off at each side of the output.' },
  outputPadding: {
    kind: 'integers',
    default: [0, 0],
    min: 0,
    help: 'Rows and columns added at the end of the output.',
  },
  dilation: { kind: 'integers', default: [1, 1], min: 1, help: 'Distance between the points of a filter.' },
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
    ConvTranspose2d: typeof parameters;
  }
}

/** The transpose of a convolution: https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html */
export default defineLayer({
  type: 'ConvTranspose2d',
  title: 'ConvTranspose2d',
  category: 'Convolution',
  icon: 'expand',
  help: {
    summary:
      'Spreads each input point over a patch of the output: a learnable way to make images larger, as decoders need.',
    shapes:
      '[N, Cin, H, W] → [N, Cout, Hout, Wout], Hout = (H − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { outChannels, kernelSize, stride, padding, outputPadding, dilation, groups, inChannels, bias }) {
    const [channels, height, width] = imageOf('ConvTranspose2d', input!);
    if (inChannels !== null && inChannels !== channels) {
      throw new LayerError(`ConvTranspose2d expects ${inChannels} channels and receives ${channels}.`, {
        parameter: 'inChannels',
        fixes: [{ kind: 'setParameter', parameter: 'inChannels', value: channels }],
      });
    }
    requireGroups('ConvTranspose2d', groups, channels, outChannels);
    if (outputPadding.some((extra, i) => extra >= Math.max(stride[i]!, dilation[i]!))) {
      throw new LayerError('outputPadding must be smaller than the stride or the dilation.', {
        parameter: 'outputPadding',
        fixes: [{ kind: 'setParameter', parameter: 'outputPadding', value: [0, 0] }],
      });
    }
    const output = [height, width].map(
      (size, i) =>
        (size - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (kernelSize[i]! - 1) + outputPadding[i]! + 1,
    );
    if (output.some((size) => size < 1)) {
      throw new LayerError(`The padding of ConvTranspose2d leaves nothing of its output (${output.join('×')}).`, {
        parameter: 'padding',
        fixes: [{ kind: 'setParameter', parameter: 'padding', value: [0, 0] }],
      });
    }
    // PyTorch takes the fan-in from axis 1 of the weight, which counts output channels here.
    const fanIn = (outChannels / groups) * kernelSize[0]! * kernelSize[1]!;
    const initial = { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) } as const;
    const weight = { name: 'weight', shape: [channels, outChannels / groups, ...kernelSize], initial, trainable: true };
    return {
      outputs: [[outChannels, ...output]],
      weights: bias ? [weight, { name: 'bias', shape: [outChannels], initial, trainable: true }] : [weight],
      multiplyAdds: channels * height * width * fanIn,
    };
  },
  lower({ emit, inputs, parameters, weights }) {
    const { stride, padding, outputPadding, dilation, groups, outChannels, kernelSize } = parameters;
    const inputSize = inputs[0]!.type.shape
      .slice(2)
      .map(
        (size, i) =>
          (size - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (kernelSize[i]! - 1) + outputPadding[i]! + 1,
      );
    const attributes = { inputSize, stride, padding, dilation, groups };
    const spread = emit.op('convolutionInputGradient', [inputs[0]!, weights.weight!], attributes);
    if (!weights.bias) return [spread];
    return [emit.op('add', [spread, emit.op('reshape', [weights.bias], { shape: [outChannels, 1, 1] })])];
  },
  emit: {
    name: 'upconv',
    pytorch: ({ parameters, inputs }) => ({
      make: pythonCall('nn.ConvTranspose2d', [inputs[0]![0]!, parameters.outChannels, pair(parameters.kernelSize)], {
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
      if (groups > 1) kerasCannot('ConvTranspose2d', 'groups');
      if (dilation.some((distance, i) => distance > 1 && stride[i]! > 1))
        kerasCannot('ConvTranspose2d', 'both a stride and a dilation');
      // Keras computes the whole spread image; PyTorch's padding cuts it, its outputPadding cuts less at the end.
      const crop = [0, 1].map((i) => {
        const reach = dilation[i]! * (kernelSize[i]! - 1) + 1;
        const whole = inputs[0]![i + 1]! * stride[i]! + Math.max(reach - stride[i]!, 0);
        return [padding[i]!, whole - padding[i]! - outputs[0]![i + 1]!] as const;
      });
      if (crop.some(([, after]) => after < 0)) kerasCannot('ConvTranspose2d', 'an outputPadding above its padding');
      const cropped = crop.some(([before, after]) => before + after > 0);
      const cropping = `layers.Cropping2D((${crop.map(([before, after]) => `(${before}, ${after})`).join(', ')}))`;
      return {
        make: pythonCall('layers.Conv2DTranspose', [parameters.outChannels, pair(kernelSize)], {
          strides: [pair(stride), 1],
          dilation_rate: [pair(dilation), 1],
          use_bias: [parameters.bias, true],
        }),
        takesActivation: true,
        apply: (layer, [x]) => (cropped ? `${cropping}(${layer}(${x}))` : `${layer}(${x})`),
      };
    },
  },
  samples: [
    { inputs: [[4, 5, 6]], parameters: { outChannels: 3 } },
    {
      inputs: [[4, 5, 5]],
      parameters: { outChannels: 2, kernelSize: [3, 3], padding: [1, 1], outputPadding: [1, 1], bias: false },
    },
  ],
});
