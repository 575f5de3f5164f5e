import type { Shape } from '../../ir/types.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, kerasCannot, pythonCall } from '../python.ts';
import { kerasSpatial, type SpatialRank, spatialOf } from '../spatial.ts';
import { interpolationWeight, mapAxis, mapProducts } from './mapAxis.ts';

const parameters = {
  scaleFactor: {
    kind: 'integer',
    default: 2,
    min: 1,
    max: 64,
    help: 'How many times as long, high, wide and deep the output is.',
  },
  mode: {
    kind: 'choice',
    default: 'nearest',
    choices: ['nearest', 'linear', 'bilinear', 'trilinear'],
    help: 'Repeats each number, or blends neighbours by their distance: linear for signals, bilinear for images, trilinear for volumes.',
  },
  alignCorners: {
    kind: 'boolean',
    default: false,
    help: 'Not with nearest: the numbers at the corners keep their values exactly.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Upsample: typeof parameters;
  }
}

/** The mode that blends, by the number of spatial axes. */
const BLENDING = { 1: 'linear', 2: 'bilinear', 3: 'trilinear' } as const;

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html */
export default defineLayer({
  type: 'Upsample',
  title: 'Upsample',
  category: 'Pooling',
  icon: 'maximize-2',
  help: {
    summary:
      'Makes images, signals or volumes larger, by repeating numbers or by blending neighbours: the undoing of pooling, without weights.',
    shapes: '[N, C, H, W] → [N, C, H·scale, W·scale], likewise [N, C, L] and [N, C, D, H, W]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { scaleFactor, mode }) {
    const rank = rankOf(input!);
    const { channels, sizes } = spatialOf('Upsample', rank, input!);
    const blending = BLENDING[rank];
    if (mode !== 'nearest' && mode !== blending) {
      throw new LayerError(`Upsample blends samples of ${rank + 1} axes with mode ${blending}, not ${mode}.`, {
        parameter: 'mode',
        fixes: [{ kind: 'setParameter', parameter: 'mode', value: blending }],
      });
    }
    const larger = sizes.map((size) => size * scaleFactor);
    const multiplyAdds = mode === 'nearest' ? 0 : mapProducts(input!, larger);
    return { outputs: [[channels, ...larger]], weights: [], multiplyAdds };
  },
  lower({ emit, inputs, parameters: { scaleFactor, mode, alignCorners } }) {
    const [x] = inputs;
    const [batch, channels, ...sizes] = x!.type.shape as [number, number, ...number[]];
    const larger = sizes.map((size) => size * scaleFactor);
    if (mode !== 'nearest') {
      // The last axis first: what comes then are longer rows.
      return [
        sizes.reduceRight(
          (value, size, i) =>
            mapAxis(emit, value, 2 + i, larger[i]!, interpolationWeight(size, larger[i]!, alignCorners)),
          x!,
        ),
      ];
    }
    const apart = emit.op('reshape', [x!], { shape: [batch, channels, ...sizes.flatMap((size) => [size, 1])] });
    const repeated = emit.op('expand', [apart], {
      shape: [batch, channels, ...sizes.flatMap((size) => [size, scaleFactor])],
    });
    return [emit.op('reshape', [repeated], { shape: [batch, channels, ...larger] })];
  },
  emit: {
    pytorch: ({ parameters: { scaleFactor, mode, alignCorners } }) => ({
      make: pythonCall('nn.Upsample', [], {
        scale_factor: [scaleFactor, undefined],
        mode: [{ source: `"${mode}"` }, { source: '"nearest"' }],
        align_corners: [mode !== 'nearest' && alignCorners, false],
      }),
      apply: applyOne,
    }),
    keras: ({ parameters: { scaleFactor, mode, alignCorners }, inputs }) => {
      const rank = rankOf(inputs[0]!);
      if (mode !== 'nearest' && rank !== 2) kerasCannot('Upsample', `mode ${mode}`);
      if (mode !== 'nearest' && alignCorners) kerasCannot('Upsample', 'alignCorners');
      return {
        make: pythonCall(`layers.UpSampling${rank}D`, [scaleFactor], {
          ...(mode !== 'nearest' && { interpolation: [{ source: `"${mode}"` }, undefined] }),
        }),
        apply: (layer, [x]) => kerasSpatial(rank, x!, (last) => `${layer}(${last})`),
      };
    },
  },
  samples: [
    { inputs: [[2, 3, 4]], parameters: {} },
    { inputs: [[2, 3, 4]], parameters: { mode: 'bilinear' } },
    { inputs: [[2, 3, 1]], parameters: { scaleFactor: 3, mode: 'bilinear', alignCorners: true } },
    { inputs: [[3, 5]], parameters: { scaleFactor: 3 } },
    { inputs: [[2, 4]], parameters: { mode: 'linear' } },
    { inputs: [[2, 3, 2, 4]], parameters: {} },
    { inputs: [[1, 3, 2, 4]], parameters: { mode: 'trilinear', alignCorners: true } },
  ],
});

/** Samples of two axes are signals, of four volumes; all others are to be images. */
const rankOf = (sample: Shape): SpatialRank => (sample.length === 2 ? 1 : sample.length === 4 ? 3 : 2);
