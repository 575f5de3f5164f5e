import { avgPoolParameters, defineAvgPool, divisorParameter } from './pool.ts';

const parameters = { ...avgPoolParameters(3), ...divisorParameter } as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    AvgPool3d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html */
export default defineAvgPool({
  rank: 3,
  parameters,
  samples: [
    { inputs: [[3, 4, 6, 5]], parameters: {} },
    { inputs: [[2, 5, 4, 6]], parameters: { kernelSize: [3, 2, 2], stride: [2, 1, 2], padding: [1, 1, 0] } },
    {
      inputs: [[1, 4, 3, 6]],
      parameters: { kernelSize: [3, 2, 3], stride: [2, 1, 2], padding: [1, 0, 1], ceilMode: true },
    },
    {
      inputs: [[1, 4, 3, 6]],
      parameters: {
        kernelSize: [3, 2, 3],
        stride: [2, 1, 2],
        padding: [1, 0, 1],
        ceilMode: true,
        countIncludePad: false,
      },
    },
  ],
});
