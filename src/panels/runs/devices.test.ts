import { describe, expect, it } from 'vitest';
import { deviceOptions } from './devices.ts';

const wasm = { name: 'wasm', description: 'WebAssembly SIMD' } as const;
const webgpu = { name: 'webgpu', description: 'WebGPU, SwiftShader' } as const;
const find = (options: ReturnType<typeof deviceOptions>, value: string) =>
  options.find((option) => option.value === value);

describe('deviceOptions', () => {
  it('names what Auto means', () => {
    const options = deviceOptions([webgpu, wasm], { api: true, secureContext: true });
    expect(find(options, 'auto')?.description).toContain('WebGPU');
    expect(find(options, 'webgpu')).toMatchObject({ available: true, description: 'WebGPU, SwiftShader' });
  });

  it.each([
    [{ api: true, secureContext: true }, 'no graphics adapter'],
    [{ api: false, secureContext: true }, 'this browser has no WebGPU'],
    [{ api: false, secureContext: false }, 'https'],
  ])('says why there is no WebGPU: %o', (gpu, reason) => {
    const option = find(deviceOptions([wasm], gpu), 'webgpu');
    expect(option?.available).toBe(false);
    expect(option?.description).toContain(reason);
  });

  it('does not give a reason before the worker has looked', () => {
    const option = find(deviceOptions(undefined, { api: true, secureContext: true }), 'webgpu');
    expect(option).toMatchObject({ available: false, description: 'looking for it…' });
  });
});
