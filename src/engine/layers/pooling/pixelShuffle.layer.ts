import { defineLayer, LayerError } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne, pythonCall } from '../python.ts';

const parameters = {
  upscaleFactor: {
    kind: 'integer',
    default: 2,
    min: 1,
    max: 64,
    help: 'How many times as high and wide the output is.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    PixelShuffle: typeof parameters;
  }
}

/** Shi et al. 2016; https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html */
export default defineLayer({
  type: 'PixelShuffle',
  title: 'PixelShuffle',
  category: 'Pooling',
  icon: 'grid-2x2',
  help: {
    summary: 'Lays groups of channels out as finer pixels: a convolution before it learns how to enlarge an image.',
    shapes: '[N, C·r², H, W] → [N, C, H·r, W·r]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { upscaleFactor: r }) {
    const [channels, height, width] = imageOf('PixelShuffle', input!);
    if (channels % (r * r) !== 0) {
      throw new LayerError(`PixelShuffle by ${r} needs a multiple of ${r * r} channels and receives ${channels}.`, {
        parameter: 'upscaleFactor',
      });
    }
    return { outputs: [[channels / (r * r), height * r, width * r]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters: { upscaleFactor: r } }) {
    const [batch, channels, height, width] = inputs[0]!.type.shape as [number, number, number, number];
    const fewer = channels / (r * r);
    const apart = emit.op('reshape', [inputs[0]!], { shape: [batch, fewer, r, r, height, width] });
    const woven = emit.op('transpose', [apart], { permutation: [0, 1, 4, 2, 5, 3] });
    return [emit.op('reshape', [woven], { shape: [batch, fewer, height * r, width * r] })];
  },
  emit: {
    pytorch: ({ parameters }) => ({ make: pythonCall('nn.PixelShuffle', [parameters.upscaleFactor]), apply: applyOne }),
    keras: ({ parameters: { upscaleFactor: r }, inputs, outputs }) => {
      const [, height, width] = inputs[0]!;
      const [channels, high, wide] = outputs[0]!;
      // Channels-last: [H, W, C·r²] apart into [H, W, C, r, r], then rows and columns of the fine grid together.
      return {
        apply: (_layer, [x]) =>
          `ops.reshape(ops.transpose(ops.reshape(${x}, (-1, ${height}, ${width}, ${channels}, ${r}, ${r})), (0, 1, 4, 2, 5, 3)), (-1, ${high}, ${wide}, ${channels}))`,
      };
    },
  },
  samples: [
    { inputs: [[8, 3, 4]], parameters: {} },
    { inputs: [[9, 2, 2]], parameters: { upscaleFactor: 3 } },
  ],
});
