import { EngineError } from '../errors.ts';
import type { Backend, BackendName, TuningStore } from './backend.ts';
import { createReferenceBackend } from './reference/referenceBackend.ts';
import { defaultThreads } from './wasm/threadWorkers.ts';
import { createWasmBackend, describeWasm } from './wasm/wasmBackend.ts';
import { createWebgpuBackend } from './webgpu/webgpuBackend.ts';

/** A device that can be used here. */
export interface DeviceChoice {
  readonly name: BackendName;
  readonly description: string;
}

/**
 * The best device there is: WebGPU if there is an adapter, else WebAssembly. A device asked for by name is given or refused.
 * `threads` are those of WebAssembly; without it, as many as suit the place. `tuning` is where WebGPU's layouts are kept.
 * @throws EngineError `unsupported` if the device asked for can't be had.
 */
export async function createBackend(
  wanted: BackendName | 'auto',
  gpu?: GPU,
  threads?: number,
  tuning?: TuningStore,
): Promise<Backend> {
  const options = { ...(gpu ? { gpu } : {}), ...(tuning ? { tuning } : {}) };
  switch (wanted) {
    case 'reference':
      return createReferenceBackend();
    case 'wasm':
      return createWasmBackend({ threads });
    case 'webgpu': {
      const backend = await createWebgpuBackend(options);
      if (!backend) {
        throw new EngineError('unsupported', 'WebGPU was asked for, but there is no adapter here: choose wasm instead');
      }
      return backend;
    }
    case 'auto':
      return (await createWebgpuBackend(options)) ?? createWasmBackend({ threads });
  }
}

/** The devices that can be used here, best first. */
export async function availableDevices(gpu: GPU | undefined = globalThis.navigator?.gpu): Promise<DeviceChoice[]> {
  const devices: DeviceChoice[] = [
    { name: 'wasm', description: describeWasm(defaultThreads()) },
    { name: 'reference', description: 'Plain TypeScript, slow: the oracle' },
  ];
  const adapter = await gpu?.requestAdapter();
  if (adapter) {
    const { vendor, architecture, description } = adapter.info;
    devices.unshift({
      name: 'webgpu',
      description: `WebGPU, ${description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter'}`,
    });
  }
  return devices;
}
