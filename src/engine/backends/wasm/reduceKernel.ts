import { sizeOf, stridesOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import type { Access } from '../../kernels/access.ts';
import { type Expression, mapLeaves } from '../../kernels/expression.ts';
import type { Combine, ReduceSpec } from '../../kernels/spec.ts';
import { type Bound, I32, V128 } from './assembler.ts';
import { collapse } from './collapse.ts';
import { KernelBuilder, type OutputPlace } from './kernelBuilder.ts';
import { usedLoads } from './mapKernel.ts';

/** So many inner elements are written out one after another rather than looped over. */
const MOST_UNROLLED = 16;
/** Sums are taken over blocks of so many first, then over the blocks. */
const SUM_BLOCK = 256;

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
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly range: number } {
  const { spec, places } = withOuterDim(collapsed(job));
  const outputs = places.map(
    ({ strides, offset }, k): OutputPlace => ({ dtype: results[k] as DType, strides, offset }),
  );
  const builder = new KernelBuilder(spec.dims, spec.loads, operands, outputs);
  new ReduceEmitter(builder, spec).emit();
  return { bytes: builder.module(), range: spec.dims[0] as number };
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

class ReduceEmitter {
  readonly #builder: KernelBuilder;
  readonly #spec: ReduceSpec;
  readonly #outer: number;
  /** Whether inner loops are written out. */
  readonly #unrolled: boolean;
  /** One vector local a stage; where lanes run along an inner dim, all four lanes are equal. */
  readonly #stages: number[] = [];

  constructor(builder: KernelBuilder, spec: ReduceSpec) {
    this.#builder = builder;
    this.#spec = spec;
    this.#outer = spec.dims.length - spec.inner;
    this.#unrolled = sizeOf(spec.dims.slice(this.#outer)) <= MOST_UNROLLED;
  }

  emit(): void {
    const { begin } = this.#builder;
    const last = this.#outer - 1;
    const inner = runsInside(this.#spec);
    const nest = (dim: number): void => {
      const [from, to] = dim === 0 ? [{ local: begin }, { local: begin + 1 }] : [0, this.#spec.dims[dim] as number];
      if (dim < last) this.#builder.loop(dim, from, to, 1, () => nest(dim + 1));
      else if (inner) this.#builder.loop(dim, from, to, 1, () => this.#lines());
      else this.#builder.lanesAlong(dim, from, to, () => this.#places(last));
    };
    nest(0);
  }

  // Lanes along the last outer dim: every lane is a result of its own.
  #places(lanes: number): void {
    const { f } = this.#builder;
    for (const [number, { combine, value }] of this.#spec.stages.entries()) {
      const result = f.local(V128);
      this.#stages[number] = result;
      if (combine === 'argmax' || combine === 'argmin') this.#emitArg(combine, value, result, lanes);
      else {
        f.splat(identityOf(combine)).set(result);
        this.#accumulate(this.#outer, combine, value, result, lanes);
      }
    }
    for (const [k, { over, value }] of this.#spec.outputs.entries()) {
      const nest = (dim: number): void => {
        if (over === 'all' && dim < this.#builder.dims.length) {
          this.#builder.loopAll(dim, this.#unrolled, () => nest(dim + 1));
        } else this.#write(k, value, lanes);
      };
      if (over === 'outer') this.#resetInner();
      nest(this.#outer);
    }
  }

  /** Combines all elements from a dim inwards into a local. Long sums are kept in blocks, which bounds the rounding. */
  #accumulate(dim: number, combine: Combine, value: Expression, into: number, lanes: number): void {
    const { f, dims } = this.#builder;
    if (dim === dims.length) {
      this.#builder.prepareLoads(usedLoads([value]), lanes);
      f.get(into);
      this.#builder.emit(value, this.#stages);
      combineInto(this.#builder, combine);
      f.set(into);
      return;
    }
    if (this.#unrolled) {
      this.#builder.loopAll(dim, true, () => this.#accumulate(dim + 1, combine, value, into, lanes));
      return;
    }
    const partial = f.local(V128);
    const block = (from: Bound, to: Bound) => {
      f.splat(identityOf(combine)).set(partial);
      this.#builder.loop(dim, from, to, 1, () => this.#accumulate(dim + 1, combine, value, partial, lanes));
      f.get(into).get(partial);
      combineInto(this.#builder, combine);
      f.set(into);
    };
    this.#inBlocks(0, dims[dim] as number, combine, SUM_BLOCK, block);
  }

  #inBlocks(from: number, to: number, combine: Combine, size: number, block: (from: Bound, to: Bound) => void): void {
    const { f } = this.#builder;
    if (combine !== 'sum' || to - from <= 2 * size) {
      block(from, to);
      return;
    }
    const [start, end] = [f.local(I32), f.local(I32)];
    f.loop(start, from, to, size, () => {
      f.get(start).i32(size).emit('i32.add').tee(end).i32(to).get(end).i32(to).emit('i32.lt_s', 'select').set(end);
      block({ local: start }, { local: end });
    });
  }

  /** The place of the first best element; NaN is better than all but an earlier NaN. */
  #emitArg(combine: 'argmax' | 'argmin', value: Expression, result: number, lanes: number): void {
    const { f, dims } = this.#builder;
    const [best, place, element, better] = [f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
    f.splat(combine === 'argmax' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY).set(best);
    f.splat(0).set(result).splat(0).set(place);
    const nest = (dim: number): void => {
      if (dim < dims.length) {
        this.#builder.loopAll(dim, this.#unrolled, () => nest(dim + 1));
        return;
      }
      this.#builder.prepareLoads(usedLoads([value]), lanes);
      this.#builder.emit(value, this.#stages);
      f.tee(element)
        .get(best)
        .emit(combine === 'argmax' ? 'f32x4.gt' : 'f32x4.lt');
      f.get(element).get(element).emit('f32x4.ne').get(best).get(best);
      f.emit('f32x4.ne', 'v128.andnot', 'v128.or').set(better);
      f.get(element).get(best).get(better).emit('v128.bitselect').set(best);
      f.get(place).get(result).get(better).emit('v128.bitselect').set(result);
      f.get(place).splat(1).emit('f32x4.add').set(place);
    };
    nest(this.#outer);
  }

  /** Outputs without inner dims see index 0 of those. */
  #resetInner(): void {
    const { f, indices, dims } = this.#builder;
    for (let dim = this.#outer; dim < dims.length; dim++) f.i32(0).set(indices[dim] as number);
  }

  #write(k: number, value: Expression, lanes: number): void {
    this.#builder.prepareLoads(usedLoads([value]), lanes);
    this.#store(k, value);
  }

  #store(k: number, value: Expression): void {
    const { f } = this.#builder;
    const local = f.local(V128);
    this.#builder.emit(value, this.#stages);
    f.set(local);
    this.#builder.store(local, k);
  }

  // Lanes along the last inner dim: one result at a time.
  #lines(): void {
    const { f, dims } = this.#builder;
    const lanes = dims.length - 1;
    for (const [number, { combine, value }] of this.#spec.stages.entries()) {
      const result = f.local(V128);
      this.#stages[number] = result;
      const single = f.local(V128);
      f.splat(identityOf(combine)).set(result).splat(identityOf(combine)).set(single);
      this.#accumulateLines(this.#outer, combine, value, result, single);
      // The four lanes and the rest together, into all lanes.
      f.get(result).get(result).get(result).shuffle([2, 3, 0, 1]);
      combineInto(this.#builder, combine);
      f.tee(result).get(result).get(result).shuffle([1, 0, 3, 2]);
      combineInto(this.#builder, combine);
      f.set(result).get(single).get(single).shuffle([0, 0, 0, 0]).get(result);
      combineInto(this.#builder, combine);
      f.set(result);
    }
    for (const [k, { over, value }] of this.#spec.outputs.entries()) {
      if (over === 'outer') {
        this.#resetInner();
        this.#builder.setLanes(-1, 1);
        this.#write(k, value, -1);
        continue;
      }
      const nest = (dim: number): void => {
        if (dim < lanes) this.#builder.loopAll(dim, false, () => nest(dim + 1));
        else {
          this.#builder.prepareLoads(usedLoads([value]), lanes);
          this.#builder.lanesAlong(lanes, 0, dims[lanes] as number, () => this.#store(k, value));
        }
      };
      nest(this.#outer);
    }
  }

  /** Combines vectors into one local and what is left of lines into another. */
  #accumulateLines(dim: number, combine: Combine, value: Expression, into: number, single: number): void {
    const { f, dims } = this.#builder;
    const [partial, rest] = [f.local(V128), f.local(V128)];
    const add = (total: number, part: number) => {
      f.get(total).get(part);
      combineInto(this.#builder, combine);
      f.set(total);
    };
    if (dim < dims.length - 1) {
      const block = (from: Bound, to: Bound) => {
        f.splat(identityOf(combine)).set(partial).splat(identityOf(combine)).set(rest);
        this.#builder.loop(dim, from, to, 1, () => this.#accumulateLines(dim + 1, combine, value, partial, rest));
        add(into, partial);
        add(single, rest);
      };
      this.#inBlocks(0, dims[dim] as number, combine, SUM_BLOCK, block);
      return;
    }
    this.#builder.prepareLoads(usedLoads([value]), dim);
    this.#inBlocks(0, dims[dim] as number, combine, 4 * SUM_BLOCK, (from, to) => {
      f.splat(identityOf(combine)).set(partial);
      this.#builder.lanesAlong(dim, from, to, (width) => {
        const total = width === 4 ? partial : single;
        f.get(total);
        this.#builder.emit(value, this.#stages);
        combineInto(this.#builder, combine);
        f.set(total);
      });
      add(into, partial);
    });
  }
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

function combineInto(builder: KernelBuilder, combine: Combine): void {
  const instruction = { sum: 'f32x4.add', product: 'f32x4.mul', maximum: 'f32x4.max', minimum: 'f32x4.min' } as const;
  builder.f.emit(instruction[combine as keyof typeof instruction]);
}

function identityOf(combine: Combine): number {
  switch (combine) {
    case 'sum':
    case 'argmax':
    case 'argmin':
      return 0;
    case 'product':
      return 1;
    case 'maximum':
      return Number.NEGATIVE_INFINITY;
    case 'minimum':
      return Number.POSITIVE_INFINITY;
  }
}
