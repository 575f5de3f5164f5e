import { convTransposeParameters, defineConvTranspose } from './convTranspose.ts';

const parameters = convTransposeParameters(3);

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    ConvTranspose3d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose3d.html */
export default defineConvTranspose(3, parameters, [
  { inputs: [[2, 2, 3, 2]], parameters: { outChannels: 3 } },
  {
    inputs: [[4, 2, 3, 2]],
    parameters: { outChannels: 2, kernelSize: [3, 2, 3], padding: [1, 0, 1], outputPadding: [1, 0, 0], bias: false },
  },
]);
