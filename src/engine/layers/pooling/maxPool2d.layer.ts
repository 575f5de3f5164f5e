import { defineMaxPool, maxPoolParameters } from './pool.ts';

const parameters = maxPoolParameters(2);

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    MaxPool2d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html */
export default defineMaxPool({
  rank: 2,
  parameters,
  samples: [
    { inputs: [[3, 8, 7]], parameters: {} },
    { inputs: [[2, 9, 9]], parameters: { kernelSize: [3, 3], stride: [2, 2], padding: [1, 1] } },
    { inputs: [[2, 8, 7]], parameters: { kernelSize: [3, 3], stride: [2, 3], padding: [1, 0], ceilMode: true } },
  ],
});
