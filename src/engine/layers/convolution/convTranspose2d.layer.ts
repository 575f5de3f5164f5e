import { convTransposeParameters, defineConvTranspose } from './convTranspose.ts';

const parameters = convTransposeParameters(2);

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    ConvTranspose2d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html */
export default defineConvTranspose(2, parameters, [
  { inputs: [[4, 5, 6]], parameters: { outChannels: 3 } },
  {
    inputs: [[4, 5, 5]],
    parameters: { outChannels: 2, kernelSize: [3, 3], padding: [1, 1], outputPadding: [1, 1], bias: false },
  },
]);
