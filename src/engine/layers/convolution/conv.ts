import type { Emitter } from '../../ir/emitter.ts';
import { sizeOf } from '../../ir/shape.ts';
import type { Value } from '../../ir/types.ts';
import { defineLayer, type LayerDefinition } from '../defineLayer.ts';
import { windowOutput } from '../images.ts';
import type { ParametersOf } from '../parameters.ts';
import { applyOne, type PythonValue, pair, pythonCall } from '../python.ts';
import { eachAxis, kerasSpatial, SPATIAL, type SpatialRank, spatialOf } from '../spatial.ts';
import {
  type Borders,
  bordersOf,
  kerasBorders,
  kerasZeros,
  PADDING_MODES,
  requireBorders,
  withBorders,
} from './borders.ts';
import { requireGroups, requireInChannels } from './channels.ts';

/** Parameters of Conv1d, Conv2d, Conv3d. */
export const convParameters = (rank: SpatialRank) =>
  ({
    outChannels: { kind: 'integer', default: 32, min: 1, help: 'Number of filters: channels of the output.' },
    kernelSize: {
      kind: 'integers',
      default: eachAxis(rank, 3),
      min: 1,
      help: `${SPATIAL[rank].sizes} of each filter.`,
    },
    stride: { kind: 'integers', default: eachAxis(rank, 1), min: 1, help: 'Step of the filter along each axis.' },
    padding: {
      kind: 'integers',
      default: eachAxis(rank, 0),
      min: 0,
      words: ['valid', 'same'],
      help: 'Border at each side; "same" keeps the size of the input (at stride 1), "valid" adds none.',
    },
    dilation: {
      kind: 'integers',
      default: eachAxis(rank, 1),
      min: 1,
      help: 'Distance between the points of a filter.',
    },
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
    paddingMode: {
      kind: 'choice',
      default: 'zeros',
      choices: PADDING_MODES,
      help: 'What the border holds: zeros, the input mirrored, its edge repeated, or its other end.',
    },
  }) as const;

type ConvParameters = ReturnType<typeof convParameters>;

/** Conv1d, Conv2d or Conv3d: cross-correlation over signals, images or volumes. */
export function defineConv(rank: SpatialRank, parameters: ConvParameters, samples: LayerDefinition['samples']) {
  const type = `Conv${rank}d`;
  const { input, output, first, thing } = SPATIAL[rank];
  return defineLayer<ConvParameters>({
    type,
    title: type,
    category: 'Convolution',
    icon: 'scan',
    help: {
      summary: `Slides learnable filters over ${rank === 2 ? 'an' : 'a'} ${thing}; each filter gives one output channel that shows where its pattern is.`,
      shapes: `${input} → ${output}, ${first}out = ⌊(${first} + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`,
      reference: `https://docs.pytorch.org/docs/stable/generated/torch.nn.${type}.html`,
    },
    role: 'layer',
    inputs: [{ name: 'input' }],
    outputs: [{ name: 'output' }],
    parameters,
    version: 1,
    migrations: [],
    infer([given], { outChannels, kernelSize, stride, dilation, inChannels, groups, bias, ...rest }) {
      const { channels, sizes } = spatialOf(type, rank, given!);
      requireInChannels(type, inChannels, channels);
      requireGroups(type, groups, channels, outChannels);
      const borders = bordersOf(type, { kernelSize, stride, dilation, padding: rest.padding });
      requireBorders(type, rest.paddingMode, borders, sizes);
      const wide = sizes.map((size, i) => size + borders.before[i]! + borders.after[i]!);
      const places = windowOutput(type, wide, { kernelSize, stride, dilation, padding: eachAxis(rank, 0) });
      const fanIn = (channels / groups) * sizeOf(kernelSize);
      // PyTorch's reset_parameters: Kaiming uniform with a = √5, which is U(−1/√fanIn, 1/√fanIn) for both.
      const initial = { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) } as const;
      const shape = [outChannels, channels / groups, ...kernelSize];
      const weight = { name: 'weight', shape, initial, trainable: true };
      return {
        outputs: [[outChannels, ...places]],
        weights: bias ? [weight, { name: 'bias', shape: [outChannels], initial, trainable: true }] : [weight],
        multiplyAdds: outChannels * sizeOf(places) * fanIn,
      };
    },
    lower({ emit, inputs, parameters: given, weights }) {
      const borders = bordersOf(type, given);
      const { stride, dilation, groups } = given;
      const even = given.paddingMode === 'zeros' && isEven(borders);
      const x = even ? inputs[0]! : withBorders(emit, inputs[0]!, borders, given.paddingMode);
      const padding = even ? borders.before : eachAxis(rank, 0);
      const product = emit.op('convolution', [x, weights.weight!], { stride, padding, dilation, groups });
      return [plusBias(emit, product, weights.bias)];
    },
    emit: {
      name: 'conv',
      pytorch: ({ parameters: given, inputs }) => ({
        make: pythonCall(`nn.${type}`, [inputs[0]![0]!, given.outChannels, pair(given.kernelSize)], {
          stride: [pair(given.stride), 1],
          padding: [paddingArgument(given.padding), 0],
          dilation: [pair(given.dilation), 1],
          groups: [given.groups, 1],
          bias: [given.bias, true],
          padding_mode: [{ source: `"${given.paddingMode}"` }, { source: '"zeros"' }],
        }),
        apply: applyOne,
      }),
      keras: ({ parameters: given, inputs }) => kerasConv(rank, type, given, inputs[0]!.slice(1)),
    },
    samples,
  });
}

/** Adds a number to each channel, if there is one. */
export function plusBias(emit: Emitter, x: Value, bias: Value | undefined): Value {
  if (!bias) return x;
  const shape = [bias.type.shape[0]!, ...x.type.shape.slice(2).map(() => 1)];
  return emit.op('add', [x, emit.op('reshape', [bias], { shape })]);
}

const isEven = ({ before, after }: Borders): boolean => before.every((size, i) => size === after[i]);

/** PyTorch's `padding=`. */
export function paddingArgument(padding: readonly number[] | string): PythonValue {
  return typeof padding === 'string' ? { source: `"${padding}"` } : pair(padding);
}

function kerasConv(rank: SpatialRank, type: string, given: ParametersOf<ConvParameters>, sizes: readonly number[]) {
  const { kernelSize, stride, dilation, paddingMode } = given;
  const borders = bordersOf(type, given);
  const zeros = paddingMode === 'zeros';
  const none = [...borders.before, ...borders.after].every((size) => size === 0);
  // Keras' "same" puts the odd zero at the end when the stride is above 1, PyTorch pads both sides alike.
  const same =
    zeros &&
    !none &&
    kernelSize.every((size, i) => {
      const whole = dilation[i]! * (size - 1);
      return (
        stride[i] === 1 && borders.before[i] === Math.floor(whole / 2) && borders.after[i] === Math.ceil(whole / 2)
      );
    });
  const padded = (x: string): string => {
    if (none || same) return x;
    return zeros ? kerasZeros(x, borders) : kerasBorders(x, borders, paddingMode, sizes);
  };
  return {
    make: pythonCall(`layers.Conv${rank}D`, [given.outChannels, pair(kernelSize)], {
      strides: [pair(stride), 1],
      padding: [{ source: same ? '"same"' : '"valid"' }, { source: '"valid"' }],
      dilation_rate: [pair(dilation), 1],
      groups: [given.groups, 1],
      use_bias: [given.bias, true],
    }),
    // Behind a Permute the axis of a softmax would be another one.
    takesActivation: rank === 2,
    apply: (layer: string, [x]: readonly string[]) => kerasSpatial(rank, x!, (last) => `${layer}(${padded(last)})`),
  };
}
