import type { DeviceName, RunState, WantedDevice } from '../../editor/stores/run.ts';

export const DEVICE_TITLES: Readonly<Record<WantedDevice, string>> = {
  auto: 'Auto',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  reference: 'Reference',
};

export interface DeviceOption {
  readonly value: WantedDevice;
  readonly title: string;
  readonly description: string;
  readonly available: boolean;
}

/** What the page can tell of WebGPU by itself. */
export interface GpuFacts {
  /** Whether the browser has `navigator.gpu`. */
  readonly api: boolean;
  readonly secureContext: boolean;
}

/** Every device with what it is, or why it can't be used. */
export function deviceOptions(devices: RunState['devices'], gpu: GpuFacts): readonly DeviceOption[] {
  const find = (name: DeviceName) => devices?.find((device) => device.name === name);
  const best = devices?.[0];
  const named = (value: DeviceName): DeviceOption => {
    const device = find(value);
    return {
      value,
      title: DEVICE_TITLES[value],
      description: device?.description ?? (devices ? whyMissing(value, gpu) : 'looking for it…'),
      available: device !== undefined,
    };
  };
  return [
    {
      value: 'auto',
      title: 'Auto',
      description: best ? `the fastest there is: ${DEVICE_TITLES[best.name]}` : 'the fastest there is',
      available: true,
    },
    named('webgpu'),
    named('wasm'),
    named('reference'),
  ];
}

function whyMissing(device: DeviceName, gpu: GpuFacts): string {
  if (device !== 'webgpu') return 'not available here';
  if (!gpu.secureContext) return 'not available: a browser offers it only over https or on localhost';
  if (!gpu.api) return 'not available: this browser has no WebGPU; Chrome, Edge and Safari 26 have it';
  return 'not available: the browser found no graphics adapter; look for hardware acceleration in its settings';
}
