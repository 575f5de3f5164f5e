import { convTransposeParameters, defineConvTranspose } from './convTranspose.ts';

const parameters = convTransposeParameters(1);

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    ConvTranspose1d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html */
export default defineConvTranspose(1, parameters, [
  { inputs: [[3, 5]], parameters: { outChannels: 4 } },
  {
    inputs: [[4, 5]],
    parameters: { outChannels: 2, kernelSize: [3], stride: [2], padding: [1], outputPadding: [1], bias: false },
  },
  { inputs: [[4, 4]], parameters: { outChannels: 2, kernelSize: [3], stride: [1], dilation: [2], groups: 2 } },
]);
