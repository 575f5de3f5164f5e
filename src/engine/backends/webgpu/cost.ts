import { byteLengthOf, sizeOf } from '../../ir/shape.ts';
import { costOf } from '../../schedule/inline.ts';
import type { KernelCall } from '../../schedule/schedule.ts';
import type { KernelInfo } from '../backend.ts';

/** What dispatch `part` of the `parts` that do a call costs, for profiles; the work is counted for the first. */
export function kernelInfo(call: KernelCall, part: number, parts: number): KernelInfo {
  const label = parts === 1 ? call.label : `${call.label} (${part + 1} of ${parts})`;
  const first = part === 0;
  return {
    label,
    origins: call.origins,
    flops: first ? flopsOf(call) : 0,
    bytes: first ? [...call.operands, ...call.results].reduce((sum, { type }) => sum + byteLengthOf(type), 0) : 0,
  };
}

function flopsOf({ spec }: KernelCall): number {
  switch (spec.kind) {
    case 'map':
      return sizeOf(spec.dims) * spec.outputs.reduce((sum, value) => sum + costOf(value), 0);
    case 'reduce': {
      const all = sizeOf(spec.dims);
      const outer = sizeOf(spec.dims.slice(0, spec.dims.length - spec.inner));
      const stages = spec.stages.reduce((sum, { value }) => sum + all * (1 + costOf(value)), 0);
      return spec.outputs.reduce(
        (sum, { over, value }) => sum + (over === 'all' ? all : outer) * costOf(value),
        stages,
      );
    }
    case 'contract':
      return 2 * sizeOf(spec.dims.map(({ extent }) => extent));
  }
}
