import { afterEach, describe, expect, it, vi } from 'vitest';
import { testGpu } from '../engine/backends/webgpu/testDevice.ts';
import { chain, groups } from '../engine/training/testModels.ts';
import type { Event } from './protocol.ts';
import { TrainingService } from './trainingService.ts';

const { gpu, reason } = await testGpu();

const document = chain(
  [
    ['Input', {}],
    ['Linear', { outFeatures: 8 }],
    ['ReLU', {}],
    ['Linear', { outFeatures: 2 }],
    ['CrossEntropyLoss', {}],
  ],
  { epochs: 100 },
);

/** A browser's `navigator.gpu` whose devices a test can take away. */
function losable(): { gpu: unknown; devices: GPUDevice[] } {
  const devices: GPUDevice[] = [];
  const requestAdapter = async (): Promise<unknown> => {
    const adapter = (await gpu?.requestAdapter()) as GPUAdapter;
    const { info, features, limits } = adapter;
    const requestDevice = async (descriptor: GPUDeviceDescriptor): Promise<GPUDevice> => {
      const device = await adapter.requestDevice(descriptor);
      devices.push(device);
      return device;
    };
    return { info, features, limits, requestDevice };
  };
  return { gpu: { requestAdapter }, devices };
}

afterEach(() => vi.unstubAllGlobals());

describe.skipIf(!gpu)(`a device that is lost while it trains${reason ? ` (left out: ${reason})` : ''}`, () => {
  it('is replaced once by another one, then by WebAssembly, and no step is missing', async () => {
    const fake = losable();
    vi.stubGlobal('navigator', { gpu: fake.gpu });
    const seen: Event[] = [];
    let wake = (): void => {};
    const service = new TrainingService((event) => {
      seen.push(event);
      wake();
    });
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
    };
    const told = (): number[] =>
      seen.flatMap((event) => (event.kind === 'metrics' ? event.steps : [])).map(({ step }) => step);
    const notices = (): string[] => seen.flatMap((event) => (event.kind === 'diagnostic' ? [event.message] : []));

    service.receive({ kind: 'data', dataset: groups(64, 20) });
    service.receive({ kind: 'load', run: 'r', document, device: 'webgpu' });
    service.receive({ kind: 'start', run: 'r' });
    await until(() => told().length > 3);
    fake.devices[0]?.destroy();
    await until(() => notices().length === 1);
    expect(notices()[0]).toMatch(/^The device was lost \(.+\)\. Training goes on from step 0 on WebGPU, /);
    const before = told().length;
    await until(() => told().length > before);
    fake.devices[1]?.destroy();
    await until(() => seen.some(({ kind }) => kind === 'done'));
    expect(notices()[1]).toMatch(/on WebAssembly/);
    expect(seen.filter((event) => event.kind === 'compiled').map(({ device }) => device)).toEqual([
      'webgpu',
      'webgpu',
      'wasm',
    ]);
    expect(told()).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
    expect(seen.filter(({ kind }) => kind === 'failed')).toEqual([]);
  });
});
