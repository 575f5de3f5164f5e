import { sizeOf } from '../../ir/shape.ts';
import { defineLayer, type LayerDefinition, LayerError } from '../defineLayer.ts';
import type { ParametersOf } from '../parameters.ts';
import { applyOne, kerasCannot, pair, pythonCall } from '../python.ts';
import { eachAxis, kerasSpatial, SPATIAL, type SpatialRank, spatialOf } from '../spatial.ts';
import { requireGroups, requireInChannels } from './channels.ts';
import { plusBias } from './conv.ts';

/** Parameters of ConvTranspose1d, ConvTranspose2d, ConvTranspose3d. */
export const convTransposeParameters = (rank: SpatialRank) =>
  ({
    outChannels: { kind: 'integer', default: 16, min: 1, help: 'Channels of the output.' },
    kernelSize: {
      kind: 'integers',
      default: eachAxis(rank, 2),
      min: 1,
      help: `${SPATIAL[rank].sizes} of each filter.`,
    },
    stride: {
      kind: 'integers',
      default: eachAxis(rank, 2),
      min: 1,
      help: 'How far apart input points lie in the output: 2 doubles the size.',
    },
    padding: {
      kind: 'integers',
      default: eachAxis(rank, 0),
      min: 0,
      help: 'How much is cut off at each side of the output.',
    },
    outputPadding: {
      kind: 'integers',
      default: eachAxis(rank, 0),
      min: 0,
      help: 'How much is added at the end of each axis of the output.',
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
      help: 'Splits the channels into groups that do not see each other.',
    },
    inChannels: {
      kind: 'autoInteger',
      default: null,
      min: 1,
      help: 'Channels of the input; found from the wire while empty.',
    },
    bias: { kind: 'boolean', default: true, help: 'Adds a learnable bias to each output channel.' },
  }) as const;

type Parameters = ReturnType<typeof convTransposeParameters>;

/** ConvTranspose1d, ConvTranspose2d or ConvTranspose3d: the transpose of a convolution. */
export function defineConvTranspose(rank: SpatialRank, parameters: Parameters, samples: LayerDefinition['samples']) {
  const type = `ConvTranspose${rank}d`;
  const { input, output, first, thing } = SPATIAL[rank];
  return defineLayer<Parameters>({
    type,
    title: type,
    category: 'Convolution',
    icon: 'expand',
    help: {
      summary: `Spreads each input point over a patch of the output: a learnable way to make ${thing}s larger, as decoders need.`,
      shapes: `${input} → ${output}, ${first}out = (${first} − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1`,
      reference: `https://docs.pytorch.org/docs/stable/generated/torch.nn.${type}.html`,
    },
    role: 'layer',
    inputs: [{ name: 'input' }],
    outputs: [{ name: 'output' }],
    parameters,
    version: 1,
    migrations: [],
    infer([given], own) {
      const { channels, sizes } = spatialOf(type, rank, given!);
      const { outChannels, kernelSize, stride, outputPadding, dilation, groups, inChannels, bias } = own;
      requireInChannels(type, inChannels, channels);
      requireGroups(type, groups, channels, outChannels);
      if (outputPadding.some((extra, i) => extra >= Math.max(stride[i]!, dilation[i]!))) {
        throw new LayerError('outputPadding must be smaller than the stride or the dilation.', {
          parameter: 'outputPadding',
          fixes: [{ kind: 'setParameter', parameter: 'outputPadding', value: eachAxis(rank, 0) }],
        });
      }
      const places = spreadSizes(sizes, own);
      if (places.some((size) => size < 1)) {
        throw new LayerError(`The padding of ${type} leaves nothing of its output (${places.join('×')}).`, {
          parameter: 'padding',
          fixes: [{ kind: 'setParameter', parameter: 'padding', value: eachAxis(rank, 0) }],
        });
      }
      // PyTorch takes the fan-in from axis 1 of the weight, which counts output channels here.
      const fanIn = (outChannels / groups) * sizeOf(kernelSize);
      const initial = { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) } as const;
      const shape = [channels, outChannels / groups, ...kernelSize];
      const weight = { name: 'weight', shape, initial, trainable: true };
      return {
        outputs: [[outChannels, ...places]],
        weights: bias ? [weight, { name: 'bias', shape: [outChannels], initial, trainable: true }] : [weight],
        multiplyAdds: channels * sizeOf(sizes) * fanIn,
      };
    },
    lower({ emit, inputs, parameters: given, weights }) {
      const { stride, padding, dilation, groups } = given;
      const inputSize = spreadSizes(inputs[0]!.type.shape.slice(2), given);
      const attributes = { inputSize, stride, padding, dilation, groups };
      const spread = emit.op('convolutionInputGradient', [inputs[0]!, weights.weight!], attributes);
      return [plusBias(emit, spread, weights.bias)];
    },
    emit: {
      name: 'upconv',
      pytorch: ({ parameters: given, inputs }) => ({
        make: pythonCall(`nn.${type}`, [inputs[0]![0]!, given.outChannels, pair(given.kernelSize)], {
          stride: [pair(given.stride), 1],
          padding: [pair(given.padding), 0],
          output_padding: [pair(given.outputPadding), 0],
          groups: [given.groups, 1],
          bias: [given.bias, true],
          dilation: [pair(given.dilation), 1],
        }),
        apply: applyOne,
      }),
      keras: ({ parameters: given, inputs, outputs }) =>
        kerasTranspose(rank, type, given, inputs[0]!.slice(1), outputs[0]!.slice(1)),
    },
    samples,
  });
}

interface Spread {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly outputPadding: readonly number[];
  readonly dilation: readonly number[];
}

function spreadSizes(sizes: readonly number[], given: Spread): number[] {
  const { kernelSize, stride, padding, outputPadding, dilation } = given;
  return sizes.map(
    (size, i) =>
      (size - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (kernelSize[i]! - 1) + outputPadding[i]! + 1,
  );
}

function kerasTranspose(
  rank: SpatialRank,
  type: string,
  given: ParametersOf<Parameters>,
  sizes: readonly number[],
  places: readonly number[],
) {
  const { kernelSize, stride, padding, dilation, groups } = given;
  if (groups > 1) kerasCannot(type, 'groups');
  if (rank !== 2 && dilation.some((distance) => distance > 1)) kerasCannot(type, 'a dilation');
  if (dilation.some((distance, i) => distance > 1 && stride[i]! > 1)) kerasCannot(type, 'both a stride and a dilation');
  // Keras computes the whole spread output; PyTorch's padding cuts it, its outputPadding cuts less at the end.
  const crop = sizes.map((size, i) => {
    const reach = dilation[i]! * (kernelSize[i]! - 1) + 1;
    const whole = size * stride[i]! + Math.max(reach - stride[i]!, 0);
    return [padding[i]!, whole - padding[i]! - places[i]!] as const;
  });
  if (crop.some(([, after]) => after < 0)) kerasCannot(type, 'an outputPadding above its padding');
  const cropped = crop.some(([before, after]) => before + after > 0);
  const pairs = crop.map(([before, after]) => `(${before}, ${after})`).join(', ');
  const cropping = `layers.Cropping${rank}D(${rank === 1 ? pairs : `(${pairs})`})`;
  return {
    make: pythonCall(`layers.Conv${rank}DTranspose`, [given.outChannels, pair(kernelSize)], {
      strides: [pair(stride), 1],
      dilation_rate: [pair(dilation), 1],
      use_bias: [given.bias, true],
    }),
    // Behind a Permute the axis of a softmax would be another one.
    takesActivation: rank === 2,
    apply: (layer: string, [x]: readonly string[]) =>
      kerasSpatial(rank, x!, (last) => (cropped ? `${cropping}(${layer}(${last}))` : `${layer}(${last})`)),
  };
}
