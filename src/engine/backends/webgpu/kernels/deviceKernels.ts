import type { KernelCall } from '../../../schedule/schedule.ts';
import { contractKernels } from './contract.ts';
import type { DeviceKernel, DeviceLimits } from './kernel.ts';
import { mapKernels } from './map.ts';
import { reduceKernels } from './reduce.ts';
import { scanKernels } from './scan.ts';

/** The dispatches that do the work of one call, in order; none where there are no elements. */
export function deviceKernels(call: KernelCall, limits: DeviceLimits): DeviceKernel[] {
  const { spec } = call;
  switch (spec.kind) {
    case 'map':
      return mapKernels({ ...call, spec }, limits);
    case 'reduce':
      return reduceKernels({ ...call, spec }, limits);
    case 'contract':
      return contractKernels({ ...call, spec }, limits);
    case 'scan':
      return scanKernels({ ...call, spec }, limits);
  }
}
