import { defineLayer } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne, kerasCannot, pythonCall } from '../python.ts';
import { interpolationWeight, mapAxis, mapProducts } from './mapAxis.ts';

const parameters = {
  scaleFactor: { kind: 'integer', default: 2, min: 1, max: 64, help: 'How many times as high and wide the output is.' },
  mode: {
    kind: 'choice',
    default: 'nearest',
    choices: ['nearest', 'bilinear'],
    help: 'Repeats each pixel, or blends neighbours by their distance.',
  },
  alignCorners: {
    kind: 'boolean',
    default: false,
    help: 'Bilinear only: the corner pixels keep their values exactly.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Upsample: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html */
export default defineLayer({
  type: 'Upsample',
  title: 'Upsample',
  category: 'Pooling',
  icon: 'maximize-2',
  help: {
    summary:
      'Makes images larger, by repeating pixels or by blending neighbours: the undoing of pooling, without weights.',
    shapes: '[N, C, H, W] → [N, C, H·scale, W·scale]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { scaleFactor, mode }) {
    const [channels, height, width] = imageOf('Upsample', input!);
    const sizes = [height * scaleFactor, width * scaleFactor];
    const multiplyAdds = mode === 'bilinear' ? mapProducts(input!, sizes) : 0;
    return { outputs: [[channels, ...sizes]], weights: [], multiplyAdds };
  },
  lower({ emit, inputs, parameters: { scaleFactor, mode, alignCorners } }) {
    const [batch, channels, height, width] = inputs[0]!.type.shape as [number, number, number, number];
    const [high, wide] = [height * scaleFactor, width * scaleFactor];
    if (mode === 'bilinear') {
      const wider = mapAxis(emit, inputs[0]!, 3, wide, interpolationWeight(width, wide, alignCorners));
      return [mapAxis(emit, wider, 2, high, interpolationWeight(height, high, alignCorners))];
    }
    const apart = emit.op('reshape', [inputs[0]!], { shape: [batch, channels, height, 1, width, 1] });
    const repeated = emit.op('expand', [apart], { shape: [batch, channels, height, scaleFactor, width, scaleFactor] });
    return [emit.op('reshape', [repeated], { shape: [batch, channels, high, wide] })];
  },
  emit: {
    pytorch: ({ parameters: { scaleFactor, mode, alignCorners } }) => ({
      make: pythonCall('nn.Upsample', [], {
        scale_factor: [scaleFactor, undefined],
        mode: [{ source: `"${mode}"` }, { source: '"nearest"' }],
        align_corners: [mode === 'bilinear' && alignCorners, false],
      }),
      apply: applyOne,
    }),
    keras: ({ parameters: { scaleFactor, mode, alignCorners } }) => {
      if (mode === 'bilinear' && alignCorners) kerasCannot('Upsample', 'alignCorners');
      return {
        make: pythonCall('layers.UpSampling2D', [scaleFactor], {
          interpolation: [{ source: `"${mode}"` }, { source: '"nearest"' }],
        }),
        apply: applyOne,
      };
    },
  },
  samples: [
    { inputs: [[2, 3, 4]], parameters: {} },
    { inputs: [[2, 3, 4]], parameters: { mode: 'bilinear' } },
    { inputs: [[2, 3, 1]], parameters: { scaleFactor: 3, mode: 'bilinear', alignCorners: true } },
  ],
});
