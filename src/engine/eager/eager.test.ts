import { beforeAll, describe, expect, it } from 'vitest';
import fixtures from '../../../conformance/layers/fixtures.json' with { type: 'json' };
import losses from '../../../conformance/losses/fixtures.json' with { type: 'json' };
import type { Backend } from '../backends/backend.ts';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { createBackend } from '../backends/select.ts';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { testGpu } from '../backends/webgpu/testDevice.ts';
import type { LayerCatalog } from '../layers/defineLayer.ts';
import { portsOf } from '../layers/ports.ts';
import { findLayer } from '../layers/registry.ts';
import { createTrainingRun } from '../training/createTrainingRun.ts';
import { chain, groups } from '../training/testModels.ts';
import { type Eager, eager } from './eager.ts';
import type { EagerLayer } from './eagerLayer.ts';
import type { Tensor } from './tensor.ts';

const { gpu } = await testGpu();
const backends: [string, () => Promise<Backend>][] = [
  ['reference', async () => createReferenceBackend()],
  ['wasm', () => createWasmBackend()],
  ...(gpu ? [['webgpu', () => createBackend('webgpu', gpu)] as [string, () => Promise<Backend>]] : []),
];

describe.each(backends)('eager tensors on %s', (_, create) => {
  const start = async (): Promise<Eager> => eager(await create());

  it('compute as they are called, with broadcasting', async () => {
    const g = await start();
    const x = g.tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(
      await x
        .mul(2)
        .add(g.tensor([10, 20, 30]))
        .toArray(),
    ).toEqual([
      [12, 24, 36],
      [18, 30, 42],
    ]);
    expect(await x.matmul(x.transpose(0, 1)).toArray()).toEqual([
      [14, 32],
      [32, 77],
    ]);
    expect(await x.sum(-1).toArray()).toEqual([6, 15]);
    expect(await x.mean().item()).toBe(3.5);
    expect(await x.argmax(1).toArray()).toEqual([2, 2]);
    expect(await x.reshape([3, -1]).narrow(0, 1, 2).toArray()).toEqual([
      [3, 4],
      [5, 6],
    ]);
    expect(await g.cat([x, x.neg()], 1).amax(0).toArray()).toEqual([4, 5, 6, -1, -2, -3]);
  });

  it('add up gradients in the leaves, as PyTorch does', async () => {
    const g = await start();
    const x = g.tensor([1, 2, 3], { requiresGrad: true });
    const y = g.tensor([4, 5, 6], { requiresGrad: true });
    x.mul(y).add(x).sum().backward();
    expect(await x.grad!.toArray()).toEqual([5, 6, 7]);
    expect(await y.grad!.toArray()).toEqual([1, 2, 3]);
    x.add(y).sum().backward();
    expect(await x.grad!.toArray()).toEqual([6, 7, 8]);
    expect(await y.grad!.toArray()).toEqual([2, 3, 4]);
  });

  it('give gradients of gradients', async () => {
    const g = await start();
    const x = g.tensor([2, 3], { requiresGrad: true });
    x.mul(x).mul(x).sum().backward({ createGraph: true });
    const first = x.grad as Tensor;
    expect(await first.toArray()).toEqual([12, 27]);
    x.grad = undefined;
    first.sum().backward();
    expect(await x.grad!.toArray()).toEqual([12, 18]);
  });

  it('say what is wrong', async () => {
    const g = await start();
    const x = g.tensor([1, 2], { requiresGrad: true });
    expect(() => x.add(g.tensor([1, 2, 3]))).toThrow(/add\(2, 3\): shapes 2 and 3 do not broadcast/);
    expect(() => x.backward()).toThrow(/starts at one number/);
    expect(() => g.tensor([1]).sum().backward()).toThrow(/nothing behind this tensor requires a gradient/);
    expect(() => g.noGrad(() => x.sum()).backward()).toThrow(/nothing behind/);
    expect(() => g.tensor([[1, 2], [3]])).toThrow(/equal lengths/);
    const used = x.square().sum();
    used.backward();
    expect(() => used.backward()).toThrow(/used up the tape/);
    const kept = x.square().sum();
    kept.backward({ retainGraph: true });
    g.optimizer({ type: 'SGD', lr: 0.1 }, [x]).step();
    expect(() => kept.backward()).toThrow(/was changed after it was used/);
    const freed = g.tensor([1]);
    freed.dispose();
    expect(() => freed.add(1)).toThrow(/was freed/);
    const other = await start();
    expect(() => x.add(other.tensor([1, 2]))).toThrow(/another device/);
  });

  it('free in a scope what nobody keeps', async () => {
    const g = await start();
    const w = g.tensor([3], { requiresGrad: true });
    let inner: Tensor | undefined;
    const kept = g.scope(() => {
      inner = w.mul(2);
      const loss = inner.square().sum();
      loss.backward();
      return loss;
    });
    expect(await kept.item()).toBe(36);
    expect(await w.grad!.toArray()).toEqual([24]);
    expect(() => inner!.add(1)).toThrow(/was freed/);
  });

  it('train a model like the compiled step does', async () => {
    const document = chain(
      [
        ['Input', {}],
        ['Linear', { outFeatures: 8 }],
        ['BatchNorm1d', {}],
        ['Tanh', {}],
        ['Linear', { outFeatures: 2 }],
        ['CrossEntropyLoss', {}],
      ],
      { optimizer: { type: 'Adam', parameters: { lr: 0.02 } } },
    );
    const dataset = groups(64, 16);
    const run = await createTrainingRun({ document, dataset, backend: await create() });
    const g = await start();
    const model = g.model(document, { sample: dataset.sample, classes: dataset.classes.length }, await run.weights());
    const optimizer = g.optimizer({ type: 'Adam', lr: 0.02 }, model.parameters());
    const indices = Int32Array.from({ length: 16 }, (_, i) => 3 * i);
    const inputs = Float32Array.from([...indices].flatMap((i) => [...dataset.train.inputs.subarray(2 * i, 2 * i + 2)]));
    const samples = g.tensor(inputs, { shape: [16, 2] });
    const labels = g.tensor(
      indices.map((i) => dataset.train.labels![i]!),
      { dtype: 'i32' },
    );
    for (let step = 0; step < 20; step++) {
      run.submitStep(indices);
      const [record] = await run.drain();
      const { loss, nodes } = model.forward(samples, labels);
      optimizer.zeroGrad();
      loss!.backward();
      optimizer.step();
      expect(Math.abs((await loss!.item()) / record!.loss - 1), `step ${step}`).toBeLessThan(1e-5);
      expect([...nodes.keys()]).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5']);
    }
    const trained = new Map((await run.weights()).map(({ name, data }) => [name, data]));
    for (const [name, weight] of model.weights) {
      const theirs = trained.get(name)!;
      for (const [i, value] of (await weight.data()).entries()) expect(value).toBeCloseTo(theirs[i]!, 4);
    }
  });
});

/** Tolerance of torch.testing.assert_close for float32, with room for other summation orders. */
async function expectClose(ours: Tensor | undefined, theirs: readonly number[], what: string): Promise<void> {
  const data = ours ? await ours.data() : new Float32Array(theirs.length);
  expect(data.length, what).toBe(theirs.length);
  for (const [i, value] of theirs.entries()) {
    const distance = Math.abs(data[i]! - value);
    expect(distance, `${what}[${i}]: ${data[i]} and ${value}`).toBeLessThanOrEqual(2e-5 + 2e-5 * Math.abs(value));
  }
}

describe.each(backends.slice(1))("eager layers give PyTorch's numbers and gradients on %s", (_, create) => {
  let g: Eager;
  beforeAll(async () => {
    g = await eager(await create());
  });
  const layerOf = (type: string, parameters: object): EagerLayer =>
    g.layer(type as keyof LayerCatalog & string, parameters as Parameters<typeof g.layer>[1]);

  fixtures.layers.forEach((fixture, number) => {
    it(`${fixture.layer} ${JSON.stringify(fixture.parameters)} (${number})`, async () => {
      const layer = layerOf(fixture.layer, fixture.parameters);
      const inputs = fixture.inputs.map((values, i) =>
        'ids' in fixture
          ? g.tensor(Int32Array.from(values), { shape: [fixtures.batch, ...fixture.shapes[i]!] })
          : g.tensor(Float32Array.from(values), { shape: [fixtures.batch, ...fixture.shapes[i]!], requiresGrad: true }),
      );
      const { inputs: known } = findLayer(fixture.layer)!;
      const ports = 'ports' in fixture ? (fixture.ports as string[]) : portsOf(known, inputs.length);
      const isOptional = (port: string) => known.some(({ name, optional }) => name === port && optional);
      const given = [
        ...inputs.filter((_, i) => !isOptional(ports[i]!)),
        Object.fromEntries(ports.flatMap((port, i) => (isOptional(port) ? [[port, inputs[i]!] as const] : []))),
      ];
      g.noGrad(() => layer.forward(...given));
      for (const [name, values] of Object.entries(fixture.weights)) {
        if (!values) continue;
        const weight = layer.weights.get(name)!;
        g.device.assign(weight, g.tensor(Float32Array.from(values), { shape: weight.shape }));
      }
      const output = layer.forwardAll(...given)['output' in fixture ? (fixture.output as number) : 0]!;
      await expectClose(output, fixture.train, 'output');
      // A mask has no slope.
      if (!output.requiresGrad) {
        expect(fixture.gradients.inputs.every((gradient) => gradient === null)).toBe(true);
        return;
      }
      const direction = g.tensor(
        Float32Array.from({ length: output.size }, (_, i) => Math.cos(i)),
        { shape: output.shape },
      );
      output.mul(direction).sum().backward();
      for (const [i, gradient] of fixture.gradients.inputs.entries()) {
        if (gradient) await expectClose(inputs[i]!.grad, gradient, `gradient of input ${i}`);
      }
      for (const [name, gradient] of Object.entries(fixture.gradients.weights)) {
        if (gradient) await expectClose(layer.weights.get(name)!.grad, gradient, `gradient of ${name}`);
      }
      for (const [name, values] of Object.entries(fixture.after)) {
        if (values) await expectClose(layer.weights.get(name), values, name);
      }
    });
  });

  losses.cases.forEach((fixture, number) => {
    it(`${fixture.layer} ${JSON.stringify(fixture.parameters)} (${number})`, async () => {
      const loss = layerOf(fixture.layer, fixture.parameters);
      const inputs = fixture.inputs.map((values, i) =>
        g.tensor(Float32Array.from(values), { shape: [losses.batch, ...fixture.shapes[i]!], requiresGrad: true }),
      );
      const samples = g.tensor(Float32Array.from(fixture.samples), { shape: [losses.batch, ...fixture.sample] });
      const labels = g.tensor(Int32Array.from(fixture.labels), { shape: [losses.batch, ...fixture.label] });
      const reconstructs = 'target' in fixture.parameters && fixture.parameters.target === 'input';
      const value = loss.forward(...inputs, reconstructs ? samples : labels);
      await expectClose(value, [fixture.loss], 'loss');
      value.backward();
      for (const [i, gradient] of fixture.gradients.entries()) {
        await expectClose(inputs[i]!.grad, gradient, `gradient of input ${i}`);
      }
    });
  });
});
