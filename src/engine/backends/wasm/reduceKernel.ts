import { sizeOf, stridesOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import type { Access } from '../../kernels/access.ts';
import { type Expression, mapLeaves } from '../../kernels/expression.ts';
import type { ReduceSpec } from '../../kernels/spec.ts';
import type { ModuleBuilder } from './assembler.ts';
import { collapse } from './collapse.ts';
import { keepElements } from './keptElements.ts';
import { KernelBuilder, type OutputPlace } from './kernelBuilder.ts';
import { usedLoads } from './mapKernel.ts';
import { MOST_UNROLLED, ReduceEmitter } from './reduceEmitter.ts';

/** A reduce whose outputs may be placed anywhere: strides and offset over its dims. */
export interface ReduceJob {
  readonly spec: ReduceSpec;
  readonly places: readonly { readonly strides: readonly number[]; readonly offset: number }[];
}

export function jobOf(spec: ReduceSpec): ReduceJob {
  const places = spec.outputs.map(({ order }) => {
    const own = stridesOf(order.map((dim) => spec.dims[dim] as number));
    const strides = spec.dims.map((_, dim) => (order.includes(dim) ? (own[order.indexOf(dim)] as number) : 0));
    return { strides, offset: 0 };
  });
  return { spec, places };
}

/**
 * A reduce as a module. Four places run at a time along the last inner dim where that one is long and lies side by side
 * in memory, else along the last outer dim; the first outer dim is the kernel's range.
 */
export function buildReduce(
  job: ReduceJob,
  operands: readonly DType[],
  results: readonly DType[],
): { readonly module: ModuleBuilder; readonly range: number } {
  const { spec, places } = withOuterDim(collapsed(job));
  const outputs = places.map(
    ({ strides, offset }, k): OutputPlace => ({ dtype: results[k] as DType, strides, offset }),
  );
  const lines = runsInside(spec);
  const whole = outputs.every(({ dtype, offset }) => dtype === 'f32' && offset === 0);
  const keeping = whole
    ? keepElements(
        spec,
        outputs.map(({ strides }) => strides),
        operands.length,
      )
    : { spec, kept: undefined };
  const builder = new KernelBuilder(spec.dims, keeping.spec.loads, operands, outputs);
  new ReduceEmitter(builder, keeping.spec, lines, keeping.kept).emit();
  return { module: builder.module(), range: spec.dims[0] as number };
}

/** Merges outer dims with each other, and inner ones. */
function collapsed({ spec, places }: ReduceJob): ReduceJob {
  const outer = spec.dims.length - spec.inner;
  const values = [...spec.stages, ...spec.outputs].map(({ value }) => value);
  const loops = { dims: spec.dims, loads: spec.loads, places: places.map(({ strides }) => strides) };
  const plain = collapse(loops, values, [outer]);
  const inner = plain.origins.filter((dim) => dim >= outer).length;
  return {
    spec: { ...spec, dims: plain.dims, loads: plain.loads, inner },
    places: places.map(({ offset }, k) => ({ offset, strides: plain.places[k] as readonly number[] })),
  };
}

/** A range over the first loop is always there: without outer dims it is a loop of one in front. */
function withOuterDim(job: ReduceJob): ReduceJob {
  const { spec, places } = job;
  if (spec.dims.length > spec.inner) return job;
  const moved = (value: Expression): Expression =>
    mapLeaves(value, (leaf) => (leaf.kind === 'index' ? { ...leaf, dim: leaf.dim + 1 } : leaf));
  return {
    spec: {
      ...spec,
      dims: [1, ...spec.dims],
      loads: spec.loads.map((read) => ({
        ...read,
        axes: read.axes.map((axis) => ({ ...axis, terms: axis.terms.map((term) => ({ ...term, dim: term.dim + 1 })) })),
      })),
      stages: spec.stages.map((stage) => ({ ...stage, value: moved(stage.value) })),
      outputs: spec.outputs.map((output) => ({ ...output, value: moved(output.value) })),
    },
    places: places.map(({ strides, offset }) => ({ strides: [0, ...strides], offset })),
  };
}

/** Whether lanes run along the last inner dim. */
function runsInside(spec: ReduceSpec): boolean {
  const last = spec.dims.length - 1;
  const outer = last - spec.inner;
  if (spec.inner === 0 || (spec.dims[last] as number) < 4) return false;
  if (spec.stages.some(({ combine }) => combine === 'argmax' || combine === 'argmin')) return false;
  const used = usedLoads([...spec.stages, ...spec.outputs].map(({ value }) => value));
  const reads = [...used].map((number) => spec.loads[number] as Access);
  const simple = (dim: number) => reads.every((read) => strideOf(read, dim) <= 1);
  // Windows: a few elements each, side by side with their neighbours'.
  const small = sizeOf(spec.dims.slice(outer + 1)) <= MOST_UNROLLED;
  if (simple(last))
    return !(small && (spec.dims[outer] as number) >= 4 && reads.every((read) => strideOf(read, outer) <= 2));
  return !simple(outer) && (spec.dims[outer] as number) < 4;
}

/** Elements from one place along a dim to the next, as a size. */
function strideOf({ axes }: Access, dim: number): number {
  let stride = 0;
  for (const axis of axes) for (const own of axis.terms) if (own.dim === dim) stride += own.scale * axis.stride;
  return stride < 0 ? Number.POSITIVE_INFINITY : stride;
}
