import { convParameters, defineConv } from './conv.ts';

const parameters = convParameters(3);

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Conv3d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv3d.html */
export default defineConv(3, parameters, [
  { inputs: [[2, 4, 5, 4]], parameters: { outChannels: 3 } },
  {
    inputs: [[4, 4, 6, 5]],
    parameters: {
      outChannels: 6,
      kernelSize: [2, 3, 1],
      stride: [2, 1, 2],
      padding: [1, 0, 1],
      groups: 2,
      bias: false,
    },
  },
  { inputs: [[2, 3, 4, 3]], parameters: { outChannels: 2, kernelSize: [2, 3, 3], padding: 'same' } },
  { inputs: [[1, 3, 4, 3]], parameters: { outChannels: 2, padding: [1, 2, 1], paddingMode: 'replicate' } },
]);
