import { defineLayer } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne, pythonCall } from '../python.ts';

const parameters = {
  scaleFactor: { kind: 'integer', default: 2, min: 1, max: 64, help: 'How many times as high and wide the output is.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Upsample: typeof parameters;
  }
}

/** Nearest neighbour: https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html */
export default defineLayer({
  type: 'Upsample',
  title: 'Upsample',
  category: 'Pooling',
  icon: 'maximize-2',
  help: {
    summary: 'Makes images larger by repeating each pixel: the undoing of pooling, without weights.',
    shapes: '[N, C, H, W] → [N, C, H·scale, W·scale]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { scaleFactor }) {
    const [channels, height, width] = imageOf('Upsample', input!);
    return { outputs: [[channels, height * scaleFactor, width * scaleFactor]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters: { scaleFactor } }) {
    const [batch, channels, height, width] = inputs[0]!.type.shape as [number, number, number, number];
    const apart = emit.op('reshape', [inputs[0]!], { shape: [batch, channels, height, 1, width, 1] });
    const repeated = emit.op('expand', [apart], { shape: [batch, channels, height, scaleFactor, width, scaleFactor] });
    return [emit.op('reshape', [repeated], { shape: [batch, channels, height * scaleFactor, width * scaleFactor] })];
  },
  emit: {
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.Upsample', [], { scale_factor: [parameters.scaleFactor, undefined] }),
      apply: applyOne,
    }),
    keras: ({ parameters }) => ({
      make: pythonCall('layers.UpSampling2D', [parameters.scaleFactor]),
      apply: applyOne,
    }),
  },
  samples: [{ inputs: [[2, 3, 4]], parameters: {} }],
});
