import { access, asStrided, term } from '../../../kernels/access.ts';
import { load } from '../../../kernels/expression.ts';
import { type ScanSpec, scanSizes } from '../../../kernels/spec.ts';
import type { Location } from '../../../schedule/schedule.ts';
import { bindTensors, SCRATCH } from '../bindings.ts';
import { foldGrid, Shader } from '../wgsl/shader.ts';
import type { CallOf, DeviceKernel, DeviceLimits } from './kernel.ts';
import { mapKernels } from './map.ts';
import { ScanPrinter } from './scanPrinter.ts';

/** Threads of a workgroup at the most: what every device offers. */
const MOST_LANES = 256;
const FEWEST_LANES = 4;

/** How the work is laid out: a workgroup has some rows and goes through all steps with them. */
export interface ScanShape {
  /** Rows of a workgroup, 1 or 4: as many numbers a vector. */
  readonly rows: 1 | 4;
  readonly lanes: number;
  /** Units that a thread sums up side by side. */
  readonly tile: number;
  /** Tiles of a thread, one after another. */
  readonly turns: number;
  /**
   * Whether what is fed back waits in workgroup memory; else it is read where it was stored, on a CPU too: there the time
   * to compile a shader grows with its workgroup memory, by seconds.
   */
  readonly inside: boolean;
}

/** Sums side by side in a thread of a CPU: what is fed back is read once for all of them. */
const CPU_SUMS = 8;
const CPU_LEAST_UNITS = 4;

function scanShape(spec: ScanSpec, limits: DeviceLimits): ScanShape {
  const [, , units] = spec.dims;
  const { fed } = scanSizes(spec);
  const inside = !limits.software && 2 * fed * 4 <= limits.workgroupBytes;
  const tile = limits.software ? Math.max(CPU_LEAST_UNITS, Math.floor(CPU_SUMS / spec.groups)) : 1;
  let lanes = FEWEST_LANES;
  while (lanes * tile < units && lanes < MOST_LANES) lanes *= 2;
  // A GPU has room for a workgroup a row; a CPU reads the weights once for four rows.
  return { rows: limits.software ? 4 : 1, lanes, tile, turns: Math.ceil(units / (lanes * tile)), inside };
}

/**
 * All steps in one dispatch: rows do not wait for each other, so a workgroup loops over time with a barrier a step. A
 * thread has one unit, or several: it sums up their products and does their scalar work; what they carry stays its own.
 * Weights whose columns lie apart are put in order before, so that neighbouring threads read neighbours.
 */
export function scanKernels(call: CallOf<ScanSpec>, limits: DeviceLimits): DeviceKernel[] {
  const { spec } = call;
  const [steps, rows, units] = spec.dims;
  if (steps * rows * units === 0) return [];
  const ordered = orderedWeights(call, limits);
  if (ordered) return [ordered.kernel, scanKernel(ordered.call, limits)];
  return [scanKernel(call, limits)];
}

function scanKernel(call: CallOf<ScanSpec>, limits: DeviceLimits): DeviceKernel {
  const { spec } = call;
  const shape = scanShape(spec, limits);
  const bound = bindTensors(call.operands, call.results, limits.storageBuffers, call.label);
  const shader = new Shader(limits.software);
  const body = new ScanPrinter(shader, spec, shape, bound.operands, bound.results).body();
  return {
    source: shader.source([], body, shape.lanes),
    bindings: bound.bindings,
    grid: foldGrid(Math.ceil(spec.dims[1] / shape.rows)),
  };
}

/** The call with its weights in scratch memory, column by column, and the kernel that puts them there. */
function orderedWeights(
  call: CallOf<ScanSpec>,
  limits: DeviceLimits,
): { readonly kernel: DeviceKernel; readonly call: CallOf<ScanSpec> } | undefined {
  const { spec, operands, results } = call;
  const { fed, columns } = scanSizes(spec);
  const { operand } = spec.weight;
  const besides = spec.loads.some((read) => read.operand === operand);
  if (asStrided(spec.weight, 2)?.strides[1] === 1 || besides) return undefined;
  const place: Location = { slot: SCRATCH, byteOffset: 0, type: { dtype: 'f32', shape: [fed, columns] } };
  const replaced = operands.map((own, k) => (k === operand ? place : own));
  if (new Set([...replaced, ...results].map(({ slot }) => slot)).size > limits.storageBuffers) return undefined;
  const dims = [fed, columns];
  const [kernel] = mapKernels(
    {
      ...call,
      spec: { kind: 'map', dims, loads: [{ ...spec.weight, operand: 0 }], outputs: [load(0)] },
      operands: [operands[operand] as Location],
      results: [place],
    },
    limits,
  );
  if (!kernel) return undefined;
  const weight = access(operand, dims, dims, [{ terms: [term(0)] }, { terms: [term(1)] }]);
  return { kernel: { ...kernel, prepares: true }, call: { ...call, spec: { ...spec, weight }, operands: replaced } };
}
