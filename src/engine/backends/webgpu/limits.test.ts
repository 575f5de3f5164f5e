import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLengthOf, f32 } from '../../ir/shape.ts';
import type { Shape } from '../../ir/types.ts';
import { access, broadcastAccess, term } from '../../kernels/access.ts';
import { accumulator, add, load } from '../../kernels/expression.ts';
import type { ContractSpec, KernelSpec } from '../../kernels/spec.ts';
import { dispatchesOf, placeScratch } from './dispatches.ts';
import { contractVariants } from './kernels/contract.ts';
import { deviceKernels } from './kernels/deviceKernels.ts';
import type { DeviceKernel, DeviceLimits } from './kernels/kernel.ts';
import { sharedOf } from './wgsl/module.ts';
import { foldGrid } from './wgsl/shader.ts';

/** What every WebGPU device has. https://www.w3.org/TR/webgpu/#limits */
const LEAST = { groups: 65535, threads: 256, workgroupBytes: 16384, storageBuffers: 8, bindingBytes: 128 * 2 ** 20 };
const devices: DeviceLimits[] = [
  { ...LEAST, software: false, quads: false, choices: new Map() },
  { ...LEAST, software: true, quads: false, choices: new Map() },
  { ...LEAST, software: true, quads: true, choices: new Map() },
];

function call(spec: KernelSpec, operands: readonly Shape[], result: Shape) {
  const places = [...operands, result].map((shape, slot) => ({ slot, byteOffset: 0, type: f32(...shape) }));
  return { spec, operands: places.slice(0, -1), results: places.slice(-1), label: spec.kind, origins: [] };
}

function product(m: number, n: number, k: number) {
  const dims = [m, n, k];
  const spec: ContractSpec = {
    kind: 'contract',
    dims: [
      { extent: m, role: 'm' },
      { extent: n, role: 'n' },
      { extent: k, role: 'k' },
    ],
    a: access(0, [m, k], dims, [{ terms: [term(0)] }, { terms: [term(2)] }]),
    b: access(1, [k, n], dims, [{ terms: [term(2)] }, { terms: [term(1)] }]),
    output: [0, 1],
    loads: [],
    epilogue: accumulator,
  };
  return {
    ...call(
      spec,
      [
        [m, k],
        [k, n],
      ],
      [m, n],
    ),
    spec,
  };
}

function sum(outer: number, inner: number) {
  const dims = [outer, inner];
  const spec: KernelSpec = {
    kind: 'reduce',
    dims,
    inner: 1,
    loads: [broadcastAccess(0, dims, dims)],
    stages: [{ combine: 'sum', value: load(0) }],
    outputs: [{ over: 'outer', order: [0], value: { kind: 'stage', stage: 0 } }],
  };
  return call(spec, [dims], [outer]);
}

function addition(size: number) {
  const loads = [0, 1].map((operand) => broadcastAccess(operand, [size], [size]));
  return call({ kind: 'map', dims: [size], loads, outputs: [add(load(0), load(1))] }, [[size], [size]], [size]);
}

function keepsLimits(kernels: readonly DeviceKernel[], device: DeviceLimits): void {
  const placed = placeScratch([kernels.map((kernel) => ({ kernel, label: '' }))]);
  for (const { grid, bindings } of dispatchesOf(placed.kernels, device)) {
    for (const groups of grid) expect(groups).toBeLessThanOrEqual(LEAST.groups);
    expect(bindings.length).toBeLessThanOrEqual(LEAST.storageBuffers);
  }
  for (const { source, grid } of kernels) {
    expect(grid[0] * grid[1]).toBeGreaterThan(0);
    expect(source.lanes).toBeLessThanOrEqual(LEAST.threads);
    const shared = [...sharedOf([source]).values()];
    const bytes = shared.reduce((total, { element, length }) => total + length * (element === 'vec4f' ? 16 : 4), 0);
    expect(bytes).toBeLessThanOrEqual(LEAST.workgroupBytes);
  }
}

describe('kernels of large shapes stay within what every device has', () => {
  it('folds any number of workgroups into two dimensions, with few to spare', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (groups) => {
        const [x, y] = foldGrid(groups);
        expect(x).toBeLessThanOrEqual(LEAST.groups);
        expect(y).toBeLessThanOrEqual(LEAST.groups);
        expect(x * y).toBeGreaterThanOrEqual(groups);
        expect(x * y - groups).toBeLessThan(y);
      }),
    );
  });

  it.each(devices)('a product of 4096 × 4096 × 4096, in each of its layouts (%#)', (device) => {
    const large = product(4096, 4096, 4096);
    for (const { type } of large.operands) expect(byteLengthOf(type)).toBeLessThanOrEqual(LEAST.bindingBytes);
    for (const variant of contractVariants(large, device)) keepsLimits(variant.make(), device);
  });

  it('products, sums and maps of any size', () => {
    const extent = fc.integer({ min: 1, max: 60_000 });
    fc.assert(
      fc.property(extent, extent, extent, fc.constantFrom(...devices), (m, n, k, device) => {
        // Not beyond what a buffer can hold.
        fc.pre(Math.max(m * n, n * k, m * k) * 4 <= LEAST.bindingBytes);
        keepsLimits(deviceKernels(product(m, n, k), device), device);
        keepsLimits(deviceKernels(sum(m, n), device), device);
        keepsLimits(deviceKernels(addition(m * n), device), device);
      }),
      { numRuns: 200 },
    );
  });
});
