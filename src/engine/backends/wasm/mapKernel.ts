import { stridesOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import type { Access } from '../../kernels/access.ts';
import { type Expression, mapLeaves } from '../../kernels/expression.ts';
import type { MapSpec } from '../../kernels/spec.ts';
import type { ModuleBuilder } from './assembler.ts';
import { collapse } from './collapse.ts';
import { KernelBuilder, type OutputPlace } from './kernelBuilder.ts';

/** Loads that expressions use, those that gathers and random numbers read by themselves left out. */
export function usedLoads(values: readonly Expression[]): Set<number> {
  const used = new Set<number>();
  for (const value of values) {
    mapLeaves(value, (leaf) => {
      if (leaf.kind === 'load') used.add(leaf.load);
      return leaf;
    });
  }
  return used;
}

/**
 * A map as a module: loops over all dims but the last, which runs four places at a time with a rest of single ones.
 * `strides` (one list an output) may place the results otherwise than contiguously; the range is then the first dim's.
 */
export function buildMap(
  spec: MapSpec,
  operands: readonly DType[],
  results: readonly DType[],
  strides?: readonly (readonly number[])[],
): { readonly module: ModuleBuilder; readonly range: number } {
  const contiguous = stridesOf(spec.dims);
  const loops = { dims: spec.dims, loads: spec.loads, places: results.map((_, k) => strides?.[k] ?? contiguous) };
  const plain = collapse(loops, spec.outputs, strides ? [1] : []);
  // A range over the first loop is always there, so a scalar gets a loop of one.
  const dims = plain.dims.length === 0 ? [1] : plain.dims;
  const places = results.map((dtype, k): OutputPlace => {
    const own = plain.places[k] as readonly number[];
    return { dtype, strides: own.length === 0 ? [0] : own, offset: 0 };
  });
  const builder = new KernelBuilder(dims, plain.loads, operands, places);
  const { begin } = builder;
  const lanes = dims.length - 1;
  const used = usedLoads(spec.outputs);
  const gathersByLane = plain.loads.some((read) =>
    read.axes.some(({ gather }) => gather !== undefined && moves(plain.loads[gather], lanes)),
  );
  const body = () => {
    // All values first: a result may lie where an operand does.
    const values = builder.emit(spec.outputs);
    for (const [k, value] of values.entries()) builder.store(value, k);
  };
  const nest = (dim: number): void => {
    const [start, end] = dim === 0 ? [{ local: begin }, { local: begin + 1 }] : [0, dims[dim] as number];
    if (dim < lanes) {
      builder.loop(dim, start, end, 1, () => nest(dim + 1));
      return;
    }
    if (gathersByLane) {
      builder.setLanes(-1, 1);
      builder.loop(dim, start, end, 1, () => {
        builder.prepareLoads(used, -1);
        body();
      });
      return;
    }
    builder.prepareLoads(used, lanes);
    builder.lanesAlong(dim, start, end, body);
  };
  nest(0);
  return { module: builder.module(), range: dims[0] as number };
}

function moves(read: Access | undefined, dim: number): boolean {
  return read?.axes.some(({ terms }) => terms.some((term) => term.dim === dim)) ?? false;
}
