import { avgPoolParameters, defineAvgPool, divisorParameter } from './pool.ts';

const parameters = { ...avgPoolParameters(2), ...divisorParameter } as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    AvgPool2d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html */
export default defineAvgPool({
  rank: 2,
  parameters,
  samples: [
    { inputs: [[3, 8, 7]], parameters: {} },
    { inputs: [[2, 9, 9]], parameters: { kernelSize: [3, 3], stride: [2, 2], padding: [1, 1] } },
    { inputs: [[2, 8, 7]], parameters: { kernelSize: [3, 3], stride: [2, 3], padding: [1, 0], ceilMode: true } },
    {
      inputs: [[2, 8, 7]],
      parameters: { kernelSize: [3, 3], stride: [2, 3], padding: [1, 0], ceilMode: true, countIncludePad: false },
    },
    {
      inputs: [[2, 8, 7]],
      parameters: { kernelSize: [3, 3], stride: [2, 3], padding: [1, 0], ceilMode: true, divisorOverride: 4 },
    },
  ],
});
