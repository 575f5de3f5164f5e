import { sizeOf } from '../../ir/shape.ts';
import type { Inference, LayerDefinition } from '../defineLayer.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { windowOutput } from '../images.ts';
import { applyOne, kerasCannot, pair, pythonCall } from '../python.ts';
import { eachAxis, kerasPad, kerasSpatial, SPATIAL, type SpatialRank, spatialOf } from '../spatial.ts';

/** Parameters of MaxPool1d, MaxPool2d, MaxPool3d. */
export const maxPoolParameters = (rank: SpatialRank) =>
  ({
    ...windowParameters(rank),
    padding: {
      kind: 'integers',
      default: eachAxis(rank, 0),
      min: 0,
      help: 'Border at each side that never wins; at most half the window.',
    },
    dilation: {
      kind: 'integers',
      default: eachAxis(rank, 1),
      min: 1,
      help: 'Distance between the points of a window.',
    },
    ceilMode: CEIL_MODE,
  }) as const;

/** Parameters of AvgPool1d, AvgPool2d, AvgPool3d. */
export const avgPoolParameters = (rank: SpatialRank) =>
  ({
    ...windowParameters(rank),
    padding: {
      kind: 'integers',
      default: eachAxis(rank, 0),
      min: 0,
      help: 'Zeros added at each side; at most half the window.',
    },
    ceilMode: CEIL_MODE,
    countIncludePad: {
      kind: 'boolean',
      default: true,
      help: 'Counts the zeros of the padding in the average.',
    },
  }) as const;

/** Of AvgPool2d and AvgPool3d; PyTorch's AvgPool1d has none. */
export const divisorParameter = {
  divisorOverride: {
    kind: 'autoInteger',
    default: null,
    min: 1,
    help: 'What the sum of a window is divided by; while empty, by how many places count.',
  },
} as const;

const CEIL_MODE = {
  kind: 'boolean',
  default: false,
  help: 'Keeps a last window that ends outside of the input: rounds the size of the output up.',
} as const;

const windowParameters = (rank: SpatialRank) =>
  ({
    kernelSize: {
      kind: 'integers',
      default: eachAxis(rank, 2),
      min: 1,
      help: `${SPATIAL[rank].sizes} of the window.`,
    },
    stride: {
      kind: 'integers',
      default: eachAxis(rank, 0),
      min: 0,
      help: 'Step of the window along each axis; 0 is the size of the window.',
    },
  }) as const;

interface WindowParameters {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation?: readonly number[];
  readonly ceilMode: boolean;
}

/** The step of a pooling window: its own size where none is given, as in PyTorch. */
const strideOf = ({ kernelSize, stride }: WindowParameters): readonly number[] =>
  stride.map((step, i) => (step === 0 ? kernelSize[i]! : step));

/** What is particular to one pooling layer. */
interface Pooling<Parameters> {
  readonly rank: SpatialRank;
  readonly parameters: Parameters;
  readonly samples: LayerDefinition['samples'];
}

/** MaxPool1d, MaxPool2d or MaxPool3d. */
export function defineMaxPool({ rank, parameters, samples }: Pooling<ReturnType<typeof maxPoolParameters>>) {
  const type = `MaxPool${rank}d`;
  return defineLayer<ReturnType<typeof maxPoolParameters>>({
    ...common(type, rank),
    icon: 'minimize-2',
    help: {
      summary: `Keeps the largest number of each window, which shrinks the ${SPATIAL[rank].thing} and makes it less sensitive to shifts.`,
      shapes: shapesText(rank, 'dilation·(kernel − 1) − 1'),
      reference: `https://docs.pytorch.org/docs/stable/generated/torch.nn.${type}.html`,
    },
    parameters,
    infer: ([input], given) => inferPool(type, rank, input!, given),
    lower({ emit, inputs, parameters: { kernelSize, padding, dilation, ceilMode, ...rest } }) {
      const stride = strideOf({ kernelSize, padding, ceilMode, ...rest });
      return [emit.op('maxPool', [inputs[0]!], { kernelSize, stride, padding, dilation, ceilMode })];
    },
    emit: {
      name: 'pool',
      pytorch: ({ parameters: given }) => ({
        make: pythonCall(`nn.${type}`, [pair(given.kernelSize)], {
          stride: [pair(strideOf(given)), pair(given.kernelSize)],
          padding: [pair(given.padding), 0],
          dilation: [pair(given.dilation), 1],
          ceil_mode: [given.ceilMode, false],
        }),
        apply: applyOne,
      }),
      keras: ({ parameters: given, inputs, outputs }) => {
        if (given.dilation.some((distance) => distance > 1)) kerasCannot(type, 'a dilation');
        const after = borderAfter(given, inputs[0]!.slice(1), outputs[0]!.slice(1));
        return {
          make: kerasPool(`layers.MaxPooling${rank}D`, given),
          // Zeros would win over negative numbers: the border must be −∞.
          apply: (layer, [x]) =>
            kerasSpatial(rank, x!, (last) => `${layer}(${kerasPad(last, given.padding, after, 'float("-inf")')})`),
        };
      },
    },
    samples,
  });
}

type AvgPoolParameters = ReturnType<typeof avgPoolParameters> & Partial<typeof divisorParameter>;

/** AvgPool1d, AvgPool2d or AvgPool3d. */
export function defineAvgPool({ rank, parameters, samples }: Pooling<AvgPoolParameters>) {
  const type = `AvgPool${rank}d`;
  return defineLayer<AvgPoolParameters>({
    ...common(type, rank),
    icon: 'shrink',
    help: {
      summary: 'Replaces each window by the average of its numbers.',
      shapes: shapesText(rank, 'kernel'),
      reference: `https://docs.pytorch.org/docs/stable/generated/torch.nn.${type}.html`,
    },
    parameters,
    infer: ([input], given) => inferPool(type, rank, input!, given),
    lower({ emit, inputs, parameters: given }) {
      const { kernelSize, padding, ceilMode, countIncludePad } = given;
      const attributes = { kernelSize, stride: strideOf(given), padding, ceilMode, countIncludePad };
      const divisor = divisorOf(given);
      if (divisor !== undefined) return [emit.op('avgPool', [inputs[0]!], { ...attributes, divisor })];
      return [emit.op('avgPool', [inputs[0]!], attributes)];
    },
    emit: {
      name: 'pool',
      pytorch: ({ parameters: given }) => {
        const divisor = divisorOf(given);
        return {
          make: pythonCall(`nn.${type}`, [pair(given.kernelSize)], {
            stride: [pair(strideOf(given)), pair(given.kernelSize)],
            padding: [pair(given.padding), 0],
            ceil_mode: [given.ceilMode, false],
            count_include_pad: [given.countIncludePad, true],
            ...(divisor !== undefined && { divisor_override: [divisor, undefined] }),
          }),
          apply: applyOne,
        };
      },
      keras: ({ parameters: given, inputs, outputs }) => {
        const { padding, countIncludePad, kernelSize } = given;
        const divisor = divisorOf(given);
        const after = borderAfter(given, inputs[0]!.slice(1), outputs[0]!.slice(1));
        const beyond = after.map((size, i) => Math.max(0, size - padding[i]!));
        // Where not all places of a window count, the mean is that of the window over the share that counts.
        const uneven = countIncludePad
          ? beyond.some((size) => size > 0)
          : [...padding, ...after].some((size) => size > 0);
        const none = padding.map(() => 0);
        const share = (last: string): string => {
          const ones = `ops.ones_like(${last})`;
          if (!countIncludePad) return kerasPad(ones, padding, after);
          return kerasPad(
            kerasPad(
              ones,
              padding,
              padding.map((size, i) => Math.min(size, after[i]!)),
              '1.0',
            ),
            none,
            beyond,
          );
        };
        return {
          make: kerasPool(`layers.AveragePooling${rank}D`, given),
          apply: (layer, [x]) =>
            kerasSpatial(rank, x!, (last) => {
              const mean = `${layer}(${kerasPad(last, padding, after)})`;
              if (divisor !== undefined) return `(${mean} * ${sizeOf(kernelSize)} / ${divisor})`;
              return uneven ? `(${mean} / ${layer}(${share(last)}))` : mean;
            }),
        };
      },
    },
    samples,
  });
}

function divisorOf({ divisorOverride }: { readonly divisorOverride?: unknown }): number | undefined {
  return typeof divisorOverride === 'number' ? divisorOverride : undefined;
}

const common = (type: string, rank: SpatialRank) =>
  ({
    type,
    title: `${type.slice(0, 3)}Pool${rank}d`,
    category: 'Pooling',
    role: 'layer',
    inputs: [{ name: 'input' }],
    outputs: [{ name: 'output' }],
    version: 1,
    migrations: [],
  }) as const;

function shapesText(rank: SpatialRank, less: string): string {
  const { input, output, first } = SPATIAL[rank];
  const [from, to] = [input, output].map((text) => text.replace(/Cin|Cout/, 'C'));
  return `${from} → ${to}, ${first}out = ⌊(${first} + 2·padding − ${less}) / stride⌋ + 1`;
}

function inferPool(type: string, rank: SpatialRank, input: readonly number[], given: WindowParameters): Inference {
  const { channels, sizes } = spatialOf(type, rank, input);
  requirePoolPadding(type, given);
  const output = windowOutput(type, sizes, { ...given, stride: strideOf(given) });
  return { outputs: [[channels, ...output]], weights: [], multiplyAdds: 0 };
}

/** @throws LayerError if a window could lie in the padding alone. */
function requirePoolPadding(type: string, { kernelSize, padding }: WindowParameters): void {
  if (padding.every((size, i) => 2 * size <= kernelSize[i]!)) return;
  throw new LayerError(
    `The padding of ${type} is ${padding.join('×')}: at most half of the ${kernelSize.join('×')} window.`,
    {
      parameter: 'padding',
      fixes: [
        { kind: 'setParameter', parameter: 'padding', value: kernelSize.map((kernel) => Math.floor(kernel / 2)) },
      ],
    },
  );
}

/** Keras has no ceilMode: how much of a border behind the input the windows need. */
function borderAfter(given: WindowParameters, sizes: readonly number[], outputs: readonly number[]): number[] {
  const stride = strideOf(given);
  return sizes.map((size, i) => {
    const end = (outputs[i]! - 1) * stride[i]! + given.kernelSize[i]! - given.padding[i]!;
    return given.ceilMode ? Math.max(0, end - size) : given.padding[i]!;
  });
}

function kerasPool(name: string, given: WindowParameters): string {
  return pythonCall(name, [pair(given.kernelSize)], { strides: [pair(strideOf(given)), pair(given.kernelSize)] });
}
