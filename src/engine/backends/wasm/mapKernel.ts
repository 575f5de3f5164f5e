import { stridesOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import { type Access, asStrided } from '../../kernels/access.ts';
import { type Expression, mapLeaves } from '../../kernels/expression.ts';
import type { MapSpec } from '../../kernels/spec.ts';
import { V128 } from './assembler.ts';
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
 * `strides` (one list an output) may place the results otherwise than contiguously.
 */
export function buildMap(
  spec: MapSpec,
  operands: readonly DType[],
  results: readonly DType[],
  strides?: readonly (readonly number[])[],
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly range: number } {
  const plain = strides === undefined ? collapse(spec) : spec;
  // A range over the first loop is always there, so a scalar gets a loop of one.
  const dims = plain.dims.length === 0 ? [1] : plain.dims;
  const builder = new KernelBuilder(dims, plain.loads, operands, results.length);
  const { f, indices } = builder;
  const places = results.map(
    (dtype, k): OutputPlace => ({
      parameter: operands.length + k,
      dtype,
      strides: strides?.[k] ?? stridesOf(dims),
      offset: 0,
    }),
  );
  const lanes = dims.length - 1;
  const used = usedLoads(plain.outputs);
  const gathersByLane = plain.loads.some((read) =>
    read.axes.some(({ gather }) => gather !== undefined && moves(plain.loads[gather], lanes)),
  );
  const body = () => {
    // All values first: a result may lie where an operand does.
    const values = plain.outputs.map((value) => {
      const local = f.local(V128);
      builder.emit(value, []);
      f.set(local);
      return local;
    });
    for (const [k, value] of values.entries()) builder.store(value, places[k] as OutputPlace);
  };
  const nest = (dim: number): void => {
    const [begin, end] =
      dim === 0 ? [{ local: builder.begin }, { local: builder.begin + 1 }] : [0, dims[dim] as number];
    const index = indices[dim] as number;
    if (dim < lanes) {
      f.loop(index, begin, end, 1, () => nest(dim + 1));
      return;
    }
    if (gathersByLane) {
      builder.setLanes(-1, 1);
      f.loop(index, begin, end, 1, () => {
        builder.prepareLoads(used, -1);
        body();
      });
      return;
    }
    builder.prepareLoads(used, lanes);
    const whole = f.local(0x7f);
    if (typeof begin === 'number') f.i32((end as number) - ((end as number) % 4)).set(whole);
    else {
      // begin + ((end − begin) with its two low bits cleared)
      f.get(begin.local)
        .get((end as { local: number }).local)
        .get(begin.local)
        .emit('i32.sub')
        .i32(-4)
        .emit('i32.and', 'i32.add')
        .set(whole);
    }
    builder.setLanes(lanes, 4);
    f.loop(index, begin, { local: whole }, 4, body);
    builder.setLanes(lanes, 1);
    f.loop(index, { local: whole }, end, 1, body);
  };
  nest(0);
  return { bytes: builder.module(), range: dims[0] as number };
}

function moves(read: Access | undefined, dim: number): boolean {
  return read?.axes.some(({ terms }) => terms.some((term) => term.dim === dim)) ?? false;
}

/** Merges neighbouring dims where every read runs on from one to the next, so that inner loops are long. */
function collapse(spec: MapSpec): MapSpec {
  const usesIndex = spec.outputs.some((value) => {
    let found = false;
    mapLeaves(value, (leaf) => {
      if (leaf.kind === 'index') found = true;
      return leaf;
    });
    return found;
  });
  const strided = spec.loads.map((read) => asStrided(read, spec.dims.length));
  if (usesIndex || strided.some((read) => read === undefined)) return spec;
  const dims: number[] = [];
  const strides: number[][] = spec.loads.map(() => []);
  for (const [dim, extent] of spec.dims.entries()) {
    if (extent === 1) continue;
    const own = strided.map((read) => read?.strides[dim] as number);
    const last = dims.length - 1;
    const runsOn = last >= 0 && own.every((stride, k) => strides[k]?.[last] === stride * extent);
    if (runsOn) {
      dims[last] = (dims[last] as number) * extent;
      own.forEach((stride, k) => {
        (strides[k] as number[])[last] = stride;
      });
    } else {
      dims.push(extent);
      own.forEach((stride, k) => {
        (strides[k] as number[]).push(stride);
      });
    }
  }
  const loads = spec.loads.map(
    (read, k): Access => ({
      operand: read.operand,
      outside: read.outside,
      axes: [
        {
          extent: 1,
          stride: 1,
          terms: (strides[k] as number[]).map((scale, dim) => ({ dim, scale })),
          offset: strided[k]?.offset ?? 0,
          divisor: 1,
          gather: undefined,
          checked: false,
        },
      ],
    }),
  );
  return { ...spec, dims, loads };
}
