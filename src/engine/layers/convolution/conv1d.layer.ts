import { convParameters, defineConv } from './conv.ts';

const parameters = convParameters(1);

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Conv1d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html */
export default defineConv(1, parameters, [
  { inputs: [[3, 8]], parameters: { outChannels: 5 } },
  { inputs: [[4, 9]], parameters: { outChannels: 6, stride: [2], padding: [1], groups: 2, bias: false } },
  { inputs: [[2, 9]], parameters: { outChannels: 2, kernelSize: [2], dilation: [3] } },
  { inputs: [[2, 7]], parameters: { outChannels: 3, kernelSize: [4], padding: 'same' } },
  { inputs: [[2, 7]], parameters: { outChannels: 3, padding: [2], paddingMode: 'circular' } },
  { inputs: [[2, 7]], parameters: { outChannels: 3, padding: [2], stride: [2], paddingMode: 'reflect' } },
]);
