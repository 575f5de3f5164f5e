import { defineLayer, LayerError } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne, pythonCall } from '../python.ts';

const parameters = {
  padding: {
    kind: 'integers',
    default: [1, 1, 1, 1],
    min: 0,
    help: 'Zeros added left, right, above and below: the order of PyTorch.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    ZeroPad2d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html */
export default defineLayer({
  type: 'ZeroPad2d',
  title: 'ZeroPad2d',
  category: 'Pooling',
  icon: 'expand',
  help: {
    summary: 'Puts a border of zeros around each image.',
    shapes: '[N, C, H, W] → [N, C, H + top + bottom, W + left + right]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { padding }) {
    const [channels, height, width] = imageOf('ZeroPad2d', input!);
    const [left, right, top, bottom] = padding as readonly [number, number, number, number];
    if (padding.every((size) => size === 0)) throw new LayerError('ZeroPad2d adds nothing.', { parameter: 'padding' });
    return { outputs: [[channels, height + top + bottom, width + left + right]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    const [left, right, top, bottom] = parameters.padding as readonly [number, number, number, number];
    return [emit.op('pad', [inputs[0]!], { before: [0, 0, top, left], after: [0, 0, bottom, right], value: 0 })];
  },
  emit: {
    pytorch: ({ parameters }) => ({ make: pythonCall('nn.ZeroPad2d', [parameters.padding]), apply: applyOne }),
    keras: ({ parameters }) => {
      const [left, right, top, bottom] = parameters.padding;
      return { make: `layers.ZeroPadding2D(((${top}, ${bottom}), (${left}, ${right})))`, apply: applyOne };
    },
  },
  samples: [
    { inputs: [[2, 3, 4]], parameters: {} },
    { inputs: [[1, 3, 3]], parameters: { padding: [0, 2, 1, 0] } },
  ],
});
