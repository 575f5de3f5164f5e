import { defineLayer } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne, pythonCall } from '../python.ts';

const parameters = {
  p: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 0.99,
    step: 0.05,
    help: 'Probability with which each channel is set to 0 in training.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Dropout2d: typeof parameters;
  }
}

/** Tompson et al. 2015; https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html */
export default defineLayer({
  type: 'Dropout2d',
  title: 'Dropout2d',
  category: 'Core',
  icon: 'eye-off',
  help: {
    summary:
      'In training sets whole channels of an image to 0 with probability p and scales the others: neighbours within a channel are too alike to drop them one by one.',
    shapes: '[N, C, H, W] → [N, C, H, W]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input]) {
    imageOf('Dropout2d', input!);
    return { outputs: [input!], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters, mode, random }) {
    const x = inputs[0]!;
    if (mode === 'evaluate' || parameters.p === 0) return [x];
    const [batch, channels] = x.type.shape as [number, number];
    const { seed, step, stream } = random();
    const kept = emit.op('dropout', [emit.fill([batch, channels, 1, 1], 1), seed, step], { p: parameters.p, stream });
    return [emit.op('multiply', [x, kept])];
  },
  emit: {
    pytorch: ({ parameters }) => ({ make: pythonCall('nn.Dropout2d', [parameters.p]), apply: applyOne }),
    keras: ({ parameters }) => ({ make: pythonCall('layers.SpatialDropout2D', [parameters.p]), apply: applyOne }),
  },
  samples: [{ inputs: [[3, 4, 5]], parameters: { p: 0.25 } }],
});
