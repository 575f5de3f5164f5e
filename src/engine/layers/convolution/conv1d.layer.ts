import { sizeOf } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { windowOutput } from '../images.ts';
import { applyOne, pair, pythonCall } from '../python.ts';
import { kerasSignal, signalOf } from '../signals.ts';
import { requireGroups } from './groups.ts';

const parameters = {
  outChannels: { kind: 'integer', default: 32, min: 1, help: 'Number of filters: channels of the output.' },
  kernelSize: { kind: 'integers', default: [3], min: 1, help: 'Length of a filter, in points.' },
  stride: { kind: 'integers', default: [1], min: 1, help: 'Step of the filter, in points.' },
  padding: { kind: 'integers', default: [0], min: 0, help: 'Zeros added at each end.' },
  dilation: { kind: 'integers', default: [1], min: 1, help: 'Distance between the points of a filter.' },
  groups: {
    kind: 'integer',
    default: 1,
    min: 1,
    help: 'Splits the channels into groups that do not see each other.',
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
    Conv1d: typeof parameters;
  }
}

/** Cross-correlation over signals: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html */
export default defineLayer({
  type: 'Conv1d',
  title: 'Conv1d',
  category: 'Convolution',
  icon: 'scan',
  help: {
    summary: 'Slides learnable filters along a signal or a sequence; each filter gives one output channel.',
    shapes: '[N, Cin, L] → [N, Cout, Lout], Lout = ⌊(L + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], parameters) {
    const [channels, length] = signalOf('Conv1d', input!);
    const { outChannels, kernelSize, inChannels, groups, bias } = parameters;
    if (inChannels !== null && inChannels !== channels) {
      throw new LayerError(`Conv1d expects ${inChannels} channels and receives ${channels}.`, {
        parameter: 'inChannels',
        fixes: [{ kind: 'setParameter', parameter: 'inChannels', value: channels }],
      });
    }
    requireGroups('Conv1d', groups, channels, outChannels);
    const output = windowOutput('Conv1d', [length], parameters);
    const fanIn = (channels / groups) * kernelSize[0]!;
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
    const attributes = { stride, padding, dilation, groups };
    const signal = emit.op('convolution', [inputs[0]!, weights.weight!], attributes);
    if (!weights.bias) return [signal];
    return [emit.op('add', [signal, emit.op('reshape', [weights.bias], { shape: [outChannels, 1] })])];
  },
  emit: {
    name: 'conv',
    pytorch: ({ parameters, inputs }) => ({
      make: pythonCall('nn.Conv1d', [inputs[0]![0]!, parameters.outChannels, pair(parameters.kernelSize)], {
        stride: [pair(parameters.stride), 1],
        padding: [pair(parameters.padding), 0],
        dilation: [pair(parameters.dilation), 1],
        groups: [parameters.groups, 1],
        bias: [parameters.bias, true],
      }),
      apply: applyOne,
    }),
    keras: ({ parameters: { outChannels, kernelSize, stride, padding, dilation, groups, bias } }) => ({
      make: pythonCall('layers.Conv1D', [outChannels, pair(kernelSize)], {
        strides: [pair(stride), 1],
        dilation_rate: [pair(dilation), 1],
        groups: [groups, 1],
        use_bias: [bias, true],
      }),
      apply: (layer, [x]) =>
        padding[0]! > 0
          ? `layers.Permute((2, 1))(${layer}(layers.ZeroPadding1D(${padding[0]})(layers.Permute((2, 1))(${x}))))`
          : kerasSignal(layer, [x!]),
    }),
  },
  samples: [
    { inputs: [[3, 8]], parameters: { outChannels: 5 } },
    { inputs: [[4, 9]], parameters: { outChannels: 6, stride: [2], padding: [1], groups: 2, bias: false } },
    { inputs: [[2, 9]], parameters: { outChannels: 2, kernelSize: [2], dilation: [3] } },
  ],
});
