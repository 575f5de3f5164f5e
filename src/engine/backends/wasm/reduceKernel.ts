import { stridesOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import type { Access } from '../../kernels/access.ts';
import { type Expression, mapLeaves } from '../../kernels/expression.ts';
import type { Combine, ReduceSpec } from '../../kernels/spec.ts';
import { I32, V128 } from './assembler.ts';
import { KernelBuilder, type OutputPlace } from './kernelBuilder.ts';
import { usedLoads } from './mapKernel.ts';

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
  { spec, places }: ReduceJob,
  operands: readonly DType[],
  results: readonly DType[],
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly range: number } {
  const outer = spec.dims.length - spec.inner;
  // A range over the first loop is always there: without outer dims it is a loop of one in front.
  const shifted = outer === 0 ? shift(spec) : spec;
  const builder = new KernelBuilder(shifted.dims, shifted.loads, operands, results.length);
  const outputs = results.map((dtype, k): OutputPlace => {
    const { strides, offset } = places[k] as ReduceJob['places'][number];
    return { parameter: operands.length + k, dtype, strides: outer === 0 ? [0, ...strides] : strides, offset };
  });
  new ReduceEmitter(builder, shifted, outputs).emit();
  return { bytes: builder.module(), range: shifted.dims[0] as number };
}

/** Puts a dim of size 1 in front. */
function shift(spec: ReduceSpec): ReduceSpec {
  const moved = (value: Expression): Expression =>
    mapLeaves(value, (leaf) => (leaf.kind === 'index' ? { ...leaf, dim: leaf.dim + 1 } : leaf));
  return {
    ...spec,
    dims: [1, ...spec.dims],
    loads: spec.loads.map((read) => ({
      ...read,
      axes: read.axes.map((axis) => ({ ...axis, terms: axis.terms.map((term) => ({ ...term, dim: term.dim + 1 })) })),
    })),
    stages: spec.stages.map((stage) => ({ ...stage, value: moved(stage.value) })),
    outputs: spec.outputs.map((output) => ({ ...output, value: moved(output.value) })),
  };
}

class ReduceEmitter {
  readonly #builder: KernelBuilder;
  readonly #spec: ReduceSpec;
  readonly #outputs: readonly OutputPlace[];
  readonly #outer: number;
  readonly #used: Set<number>;
  /** One vector local a stage; where lanes run along an inner dim, all four lanes are equal. */
  readonly #stages: number[] = [];

  constructor(builder: KernelBuilder, spec: ReduceSpec, outputs: readonly OutputPlace[]) {
    this.#builder = builder;
    this.#spec = spec;
    this.#outputs = outputs;
    this.#outer = spec.dims.length - spec.inner;
    this.#used = usedLoads([...spec.stages, ...spec.outputs].map(({ value }) => value));
  }

  emit(): void {
    const { f, indices, begin } = this.#builder;
    const last = this.#outer - 1;
    const inner = this.#runsInside();
    const nest = (dim: number): void => {
      const [from, to] = dim === 0 ? [{ local: begin }, { local: begin + 1 }] : [0, this.#spec.dims[dim] as number];
      const index = indices[dim] as number;
      if (dim < last) {
        f.loop(index, from, to, 1, () => nest(dim + 1));
      } else if (inner) {
        f.loop(index, from, to, 1, () => this.#lines());
      } else {
        const whole = f.local(I32);
        if (typeof from === 'number') f.i32((to as number) - ((to as number) % 4)).set(whole);
        else
          f.get(from.local)
            .get((to as { local: number }).local)
            .get(from.local)
            .emit('i32.sub')
            .i32(-4)
            .emit('i32.and', 'i32.add')
            .set(whole);
        f.loop(index, from, { local: whole }, 4, () => this.#places(last, 4));
        f.loop(index, { local: whole }, to, 1, () => this.#places(last, 1));
      }
    };
    nest(0);
  }

  /** Whether lanes run along the last inner dim. */
  #runsInside(): boolean {
    const { spec } = { spec: this.#spec };
    const last = spec.dims.length - 1;
    if (spec.inner === 0 || (spec.dims[last] as number) < 4) return false;
    if (spec.stages.some(({ combine }) => combine === 'argmax' || combine === 'argmin')) return false;
    const along = (read: Access, dim: number): number =>
      read.axes.reduce(
        (sum, axis) =>
          sum + axis.terms.reduce((own, term) => (term.dim === dim ? own + term.scale * axis.stride : own), 0),
        0,
      );
    const reads = [...this.#used].map((number) => spec.loads[number] as Access);
    const simple = (dim: number) => reads.every((read) => [0, 1].includes(along(read, dim)));
    if (simple(last)) return true;
    return !simple(this.#outer - 1) && (spec.dims[this.#outer - 1] as number) < 4;
  }

  // Lanes along the last outer dim: every lane is a result of its own.
  #places(lanes: number, width: 1 | 4): void {
    const { f } = this.#builder;
    this.#builder.setLanes(lanes, width);
    for (const [number, { combine, value }] of this.#spec.stages.entries()) {
      const result = f.local(V128);
      this.#stages[number] = result;
      if (combine === 'argmax' || combine === 'argmin') this.#emitArg(combine, value, result, lanes);
      else {
        f.splat(identityOf(combine)).set(result);
        this.#accumulate(this.#outer, combine, value, result, lanes);
      }
    }
    this.#emitOutputs(lanes);
  }

  // Sums are kept loop by loop, which bounds the rounding as a tree would.
  #accumulate(dim: number, combine: Combine, value: Expression, into: number, lanes: number): void {
    const { f, indices, dims } = this.#builder;
    if (dim === dims.length) {
      this.#builder.prepareLoads(usedLoads([value]), lanes);
      f.get(into);
      this.#builder.emit(value, this.#stages);
      combineInto(this.#builder, combine);
      f.set(into);
      return;
    }
    const partial = f.local(V128);
    f.splat(identityOf(combine)).set(partial);
    f.loop(indices[dim] as number, 0, dims[dim] as number, 1, () =>
      this.#accumulate(dim + 1, combine, value, partial, lanes),
    );
    f.get(into).get(partial);
    combineInto(this.#builder, combine);
    f.set(into);
  }

  /** The place of the first best element; NaN is better than all but an earlier NaN. */
  #emitArg(combine: 'argmax' | 'argmin', value: Expression, result: number, lanes: number): void {
    const { f, indices, dims } = this.#builder;
    const [best, place, element, better] = [f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
    f.splat(combine === 'argmax' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY).set(best);
    f.splat(0).set(result).splat(0).set(place);
    const nest = (dim: number): void => {
      if (dim < dims.length) {
        f.loop(indices[dim] as number, 0, dims[dim] as number, 1, () => nest(dim + 1));
        return;
      }
      this.#builder.prepareLoads(usedLoads([value]), lanes);
      this.#builder.emit(value, this.#stages);
      f.set(element);
      f.get(element)
        .get(best)
        .emit(combine === 'argmax' ? 'f32x4.gt' : 'f32x4.lt');
      f.get(element)
        .get(element)
        .emit('f32x4.ne')
        .get(best)
        .get(best)
        .emit('f32x4.ne', 'v128.andnot', 'v128.or')
        .set(better);
      f.get(element).get(best).get(better).emit('v128.bitselect').set(best);
      f.get(place).get(result).get(better).emit('v128.bitselect').set(result);
      f.get(place).splat(1).emit('f32x4.add').set(place);
    };
    nest(this.#outer);
  }

  #emitOutputs(lanes: number): void {
    const { f, indices, dims } = this.#builder;
    for (const [k, { over, value }] of this.#spec.outputs.entries()) {
      const write = () => {
        const local = f.local(V128);
        this.#builder.emit(value, this.#stages);
        f.set(local);
        this.#builder.store(local, this.#outputs[k] as OutputPlace);
      };
      const nest = (dim: number): void => {
        if (over === 'all' && dim < dims.length)
          f.loop(indices[dim] as number, 0, dims[dim] as number, 1, () => nest(dim + 1));
        else {
          this.#builder.prepareLoads(usedLoads([value]), lanes);
          write();
        }
      };
      if (over === 'outer') for (let dim = this.#outer; dim < dims.length; dim++) f.i32(0).set(indices[dim] as number);
      nest(this.#outer);
    }
  }

  // Lanes along the last inner dim: one result at a time.
  #lines(): void {
    const { f } = this.#builder;
    const lanes = this.#spec.dims.length - 1;
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
    this.#emitLineOutputs(lanes);
  }

  #accumulateLines(dim: number, combine: Combine, value: Expression, into: number, single: number): void {
    const { f, indices, dims } = this.#builder;
    const lanes = dims.length - 1;
    if (dim < lanes) {
      const [partial, rest] = [f.local(V128), f.local(V128)];
      f.splat(identityOf(combine)).set(partial).splat(identityOf(combine)).set(rest);
      f.loop(indices[dim] as number, 0, dims[dim] as number, 1, () =>
        this.#accumulateLines(dim + 1, combine, value, partial, rest),
      );
      for (const [total, part] of [
        [into, partial],
        [single, rest],
      ] as const) {
        f.get(total).get(part);
        combineInto(this.#builder, combine);
        f.set(total);
      }
      return;
    }
    this.#builder.prepareLoads(usedLoads([value]), lanes);
    this.#alongLine(lanes, (width) => {
      const total = width === 4 ? into : single;
      f.get(total);
      this.#builder.emit(value, this.#stages);
      combineInto(this.#builder, combine);
      f.set(total);
    });
  }

  #emitLineOutputs(lanes: number): void {
    const { f, indices, dims } = this.#builder;
    for (const [k, { over, value }] of this.#spec.outputs.entries()) {
      const write = () => {
        const local = f.local(V128);
        this.#builder.emit(value, this.#stages);
        f.set(local);
        this.#builder.store(local, this.#outputs[k] as OutputPlace);
      };
      if (over === 'outer') {
        for (let dim = this.#outer; dim < dims.length; dim++) f.i32(0).set(indices[dim] as number);
        this.#builder.setLanes(-1, 1);
        this.#builder.prepareLoads(usedLoads([value]), -1);
        write();
        continue;
      }
      const nest = (dim: number): void => {
        if (dim < lanes) {
          f.loop(indices[dim] as number, 0, dims[dim] as number, 1, () => nest(dim + 1));
          return;
        }
        this.#builder.prepareLoads(usedLoads([value]), lanes);
        this.#alongLine(lanes, write);
      };
      nest(this.#outer);
    }
  }

  #alongLine(lanes: number, body: (width: 1 | 4) => void): void {
    const { f, indices, dims } = this.#builder;
    const extent = dims[lanes] as number;
    const whole = extent - (extent % 4);
    this.#builder.setLanes(lanes, 4);
    if (whole > 0) f.loop(indices[lanes] as number, 0, whole, 4, () => body(4));
    this.#builder.setLanes(lanes, 1);
    if (whole < extent) f.loop(indices[lanes] as number, whole, extent, 1, () => body(1));
  }
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
