import { convParameters, defineConv } from './conv.ts';

const parameters = convParameters(2);

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Conv2d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html */
export default defineConv(2, parameters, [
  { inputs: [[3, 8, 7]], parameters: { outChannels: 5 } },
  { inputs: [[4, 9, 9]], parameters: { outChannels: 6, stride: [2, 2], padding: [1, 2], groups: 2, bias: false } },
  { inputs: [[2, 9, 9]], parameters: { outChannels: 2, padding: [2, 2], dilation: [2, 2] } },
  { inputs: [[2, 6, 5]], parameters: { outChannels: 2, kernelSize: [2, 3], padding: 'same', dilation: [1, 2] } },
  { inputs: [[2, 6, 5]], parameters: { outChannels: 2, padding: 'valid' } },
  { inputs: [[2, 6, 5]], parameters: { outChannels: 2, padding: [1, 2], paddingMode: 'reflect' } },
  { inputs: [[2, 6, 5]], parameters: { outChannels: 2, padding: 'same', paddingMode: 'replicate' } },
  { inputs: [[2, 6, 5]], parameters: { outChannels: 2, padding: [0, 2], stride: [2, 1], paddingMode: 'circular' } },
]);
