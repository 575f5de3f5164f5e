import { describe, expect, it } from 'vitest';
import type { Backend, KernelTiming } from '../backends/backend.ts';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { createTrainingRun } from './createTrainingRun.ts';
import { profileLayers } from './profile.ts';
import { chain, groups } from './testModels.ts';

const document = chain([
  ['Input', {}],
  ['Linear', { outFeatures: 8 }],
  ['ReLU', {}],
  ['Dropout', { p: 0.2 }],
  ['Linear', { outFeatures: 2 }],
  ['CrossEntropyLoss', {}],
]);

const backends: [string, () => Promise<Backend>][] = [
  ['reference', async () => createReferenceBackend()],
  ['wasm', createWasmBackend],
];

describe.each(backends)('a profile on %s', (_, create) => {
  it('times every kernel of a step, and training goes on as if there had been none', async () => {
    const backend = await create();
    const dataset = groups(64, 20);
    const plain = await createTrainingRun({ document, dataset, backend });
    for (let i = 0; i < 6; i++) plain.submitStep();
    const run = await createTrainingRun({ document, dataset, backend });
    const early = await run.profile(1);
    for (let i = 0; i < 3; i++) run.submitStep();
    const profile = await run.profile(3);
    for (let i = 0; i < 3; i++) run.submitStep();

    expect(await run.drain()).toEqual(await plain.drain());
    expect(await run.weights()).toEqual(await plain.weights());
    expect(profile.batchSize).toBe(16);
    expect(profile.kernels).toHaveLength(run.stepCode.kernels.length);
    expect(early.kernels.map(({ label }) => label)).toEqual(profile.kernels.map(({ label }) => label));
    for (const { milliseconds } of profile.kernels) expect(milliseconds).toBeGreaterThanOrEqual(0);
    const layers = new Map(profileLayers(profile).map((layer) => [layer.node, layer]));
    const inputs = 2;
    // Weights [2, 8] and [8, 2] with their biases, and Adam's two moments of each.
    expect(layers.get('n1')?.weightBytes).toBe(3 * 4 * (inputs * 8 + 8));
    expect(layers.get('n4')?.weightBytes).toBe(3 * 4 * (8 * 2 + 2));
    // The gradients of the first weights at least.
    expect(layers.get('n1')?.resultBytes).toBeGreaterThanOrEqual(4 * inputs * 8);
    expect(layers.get(undefined)?.weightBytes ?? 0).toBe(0);
  });
});

it('gives a fused kernel to the node with most of its work, and sorts by time', () => {
  const kernel = (label: string, origins: string[], milliseconds: number): KernelTiming => ({
    label,
    origins,
    milliseconds,
    flops: 10,
    bytes: 4,
    resultBytes: 2,
  });
  const layers = profileLayers({
    kernels: [
      kernel('convolution+relu', ['conv', 'relu'], 6),
      kernel('sum', ['conv'], 1),
      kernel('relu', ['relu'], 1),
      kernel('update', [], 2),
    ],
    weightBytes: { conv: 100, fused: 50 },
  });
  expect(layers).toEqual([
    {
      node: 'conv',
      milliseconds: 7,
      share: 0.7,
      flops: 20,
      bytes: 8,
      weightBytes: 100,
      resultBytes: 4,
      kernels: [0, 1],
    },
    {
      node: undefined,
      milliseconds: 2,
      share: 0.2,
      flops: 10,
      bytes: 4,
      weightBytes: 0,
      resultBytes: 2,
      kernels: [3],
    },
    { node: 'relu', milliseconds: 1, share: 0.1, flops: 10, bytes: 4, weightBytes: 0, resultBytes: 2, kernels: [2] },
    { node: 'fused', milliseconds: 0, share: 0, flops: 0, bytes: 0, weightBytes: 50, resultBytes: 0, kernels: [] },
  ]);
});
