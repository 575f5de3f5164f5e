import { messages, translate } from '../../editor/i18n/language.ts';
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
      description:
        (device && translate(device.description)) ?? (devices ? whyMissing(value, gpu) : messages().devices.looking),
      available: device !== undefined,
    };
  };
  return [
    {
      value: 'auto',
      title: messages().run.auto,
      description: messages().devices.fastest(best && DEVICE_TITLES[best.name]),
      available: true,
    },
    named('webgpu'),
    named('wasm'),
    named('reference'),
  ];
}

function whyMissing(device: DeviceName, gpu: GpuFacts): string {
  const words = messages().devices;
  if (device !== 'webgpu') return words.missing;
  if (!gpu.secureContext) return words.insecure;
  return gpu.api ? words.noAdapter : words.noApi;
}
