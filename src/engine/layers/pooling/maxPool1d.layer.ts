import { defineMaxPool, maxPoolParameters } from './pool.ts';

const parameters = maxPoolParameters(1);

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    MaxPool1d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html */
export default defineMaxPool({
  rank: 1,
  parameters,
  samples: [
    { inputs: [[3, 8]], parameters: {} },
    { inputs: [[2, 9]], parameters: { kernelSize: [3], stride: [2], padding: [1] } },
    { inputs: [[2, 8]], parameters: { kernelSize: [3], stride: [2], padding: [1], ceilMode: true } },
  ],
});
