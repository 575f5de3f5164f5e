import { exactKey } from '../../ir/exactKey.ts';
import { sizeOf } from '../../ir/shape.ts';
import type { Access } from '../../kernels/access.ts';
import { type Expression, mapLeaves } from '../../kernels/expression.ts';
import type { Combine, ReduceSpec } from '../../kernels/spec.ts';
import { type Bound, I32, V128 } from './assembler.ts';
import type { KeptElements } from './keptElements.ts';
import type { KernelBuilder } from './kernelBuilder.ts';
import { usedLoads } from './mapKernel.ts';

/** So many inner elements are written out one after another rather than looped over. */
export const MOST_UNROLLED = 16;
/** Where lanes run along outer dims that lie side by side, vectors of a whole cache line are gone through together. */
const LINE_VECTORS = 4;
/** Sums are taken over blocks of so many first, then over the blocks. */
const SUM_BLOCK = 256;

/** One stage while its elements are gone through. */
interface Running {
  readonly stage: number;
  readonly combine: Combine;
  readonly value: Expression;
  /** Which of the vectors that are gone through together. */
  readonly vector: number;
  /** Local of the result so far. */
  readonly into: number;
  /** Local of the best element so far, for `argmax` and `argmin`. */
  readonly best: number | undefined;
}

/** Encodes the loops of a reduce. Stages that do not need each other go through the elements together. */
export class ReduceEmitter {
  readonly #builder: KernelBuilder;
  readonly #spec: ReduceSpec;
  readonly #outer: number;
  /** Whether lanes run along the last inner dim. */
  readonly #lines: boolean;
  readonly #kept: KeptElements | undefined;
  /** Whether inner loops are written out. */
  readonly #unrolled: boolean;
  /** For each vector one local a stage; where lanes run along an inner dim, all four lanes are equal. */
  readonly #stages: number[][] = Array.from({ length: LINE_VECTORS }, () => []);

  constructor(builder: KernelBuilder, spec: ReduceSpec, lines: boolean, kept: KeptElements | undefined) {
    this.#builder = builder;
    this.#spec = spec;
    this.#kept = kept;
    this.#lines = lines;
    this.#outer = spec.dims.length - spec.inner;
    this.#unrolled = sizeOf(spec.dims.slice(this.#outer)) <= MOST_UNROLLED;
  }

  emit(): void {
    const { begin } = this.#builder;
    const last = this.#outer - 1;
    const nest = (dim: number): void => {
      const [from, to] = dim === 0 ? [{ local: begin }, { local: begin + 1 }] : [0, this.#spec.dims[dim] as number];
      if (dim < last) this.#builder.loop(dim, from, to, 1, () => nest(dim + 1));
      else if (this.#lines) this.#builder.loop(dim, from, to, 1, () => this.#emitLine());
      else if (this.#inLines(last))
        this.#builder.vectorsAlong(dim, from, to, LINE_VECTORS, (vectors) => this.#emitPlaces(last, vectors));
      else this.#builder.lanesAlong(dim, from, to, () => this.#emitPlaces(last, 1));
    };
    nest(0);
  }

  /** Whether places lie side by side that are far from those of the next inner element: then whole lines are read. */
  #inLines(lanes: number): boolean {
    const { stages, outputs } = this.#spec;
    return (
      !this.#unrolled &&
      stages.every(({ combine }) => combine !== 'argmax' && combine !== 'argmin') &&
      this.#mayShift(
        [...stages, ...outputs].map(({ value }) => value),
        lanes,
      )
    );
  }

  /** Whether several vectors along a dim can be gone through together: there is room, and loads alone tell them apart. */
  #mayShift(values: readonly Expression[], lanes: number): boolean {
    const reads = [...usedLoads(values)].map((number) => this.#spec.loads[number] as Access);
    return (
      (this.#builder.dims[lanes] as number) >= 4 * LINE_VECTORS &&
      values.every(plain) &&
      reads.every(({ axes }) => axes.every(({ checked, gather }) => !checked && gather === undefined))
    );
  }

  // Lanes along the last outer dim: every lane is a result of its own.
  #emitPlaces(lanes: number, vectors: number): void {
    const { f, dims } = this.#builder;
    for (const group of this.#groups()) {
      const running = this.#start(group, vectors);
      const place = running.some(({ best }) => best !== undefined) ? f.local(V128) : undefined;
      if (place !== undefined) f.splat(0).set(place);
      this.#accumulate(this.#outer, running, place, lanes);
    }
    for (const [k, { over, value }] of this.#spec.outputs.entries()) {
      const nest = (dim: number): void => {
        if (over === 'all' && dim < dims.length) this.#builder.loopAll(dim, this.#unrolled, () => nest(dim + 1));
        else {
          this.#builder.prepareLoads(usedLoads([value]), lanes);
          for (let vector = 0; vector < vectors; vector++)
            this.#builder.shifted(vector, () => this.#store(k, value, vector));
        }
      };
      if (over === 'outer') this.#resetInner();
      nest(this.#outer);
    }
  }

  /** Combines all elements from a dim inwards. Long sums are kept in blocks, which bounds the rounding. */
  #accumulate(dim: number, running: readonly Running[], place: number | undefined, lanes: number): void {
    const { f, dims } = this.#builder;
    if (dim === dims.length) {
      this.#builder.prepareLoads(usedLoads(running.map(({ value }) => value)), lanes);
      this.#combineElements(running, place);
      if (place !== undefined) f.get(place).splat(1).emit('f32x4.add').set(place);
      return;
    }
    if (this.#unrolled) {
      this.#builder.loopAll(dim, true, () => this.#accumulate(dim + 1, running, place, lanes));
      return;
    }
    const partial = running.map((each) => (each.best === undefined ? { ...each, into: f.local(V128) } : each));
    this.#inBlocks(dims[dim] as number, running, SUM_BLOCK, (from, to) => {
      this.#reset(partial.filter(({ best }) => best === undefined));
      this.#builder.loop(dim, from, to, 1, () => this.#accumulate(dim + 1, partial, place, lanes));
      this.#join(running, partial);
    });
  }

  // Lanes along the last inner dim: one result at a time.
  #emitLine(): void {
    const { f, dims } = this.#builder;
    const lanes = dims.length - 1;
    for (const group of this.#groups()) {
      const vectors = this.#start(group, 1);
      const singles = vectors.map((each) => ({ ...each, into: f.local(V128) }));
      this.#reset(singles);
      this.#accumulateLines(this.#outer, vectors, singles);
      for (const [i, { into, combine }] of vectors.entries()) {
        // The four lanes and the rest together, into all lanes.
        const instruction = COMBINE[combine as keyof typeof COMBINE];
        const single = singles[i]?.into as number;
        f.get(into).get(into).get(into).shuffle([2, 3, 0, 1]).emit(instruction);
        f.tee(into).get(into).get(into).shuffle([1, 0, 3, 2]).emit(instruction).set(into);
        f.get(single).get(single).shuffle([0, 0, 0, 0]).get(into).emit(instruction).set(into);
      }
    }
    for (const [k, { over, value }] of this.#spec.outputs.entries()) {
      if (over === 'outer') {
        this.#resetInner();
        this.#builder.setLanes(-1, 1);
        this.#builder.prepareLoads(usedLoads([value]), -1);
        this.#store(k, value);
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

  /** Combines vectors into some locals and what is left of lines into others. */
  #accumulateLines(dim: number, vectors: readonly Running[], singles: readonly Running[]): void {
    const { f, dims } = this.#builder;
    const copyOf = (running: readonly Running[], vector = 0): Running[] =>
      running.map((each) => ({ ...each, vector, into: f.local(V128) }));
    if (dim < dims.length - 1) {
      const [partial, rest] = [copyOf(vectors), copyOf(singles)];
      this.#inBlocks(dims[dim] as number, vectors, SUM_BLOCK, (from, to) => {
        this.#reset(partial);
        this.#reset(rest);
        this.#builder.loop(dim, from, to, 1, () => this.#accumulateLines(dim + 1, partial, rest));
        this.#join(vectors, partial);
        this.#join(singles, rest);
      });
      return;
    }
    this.#builder.prepareLoads(usedLoads(vectors.map(({ value }) => value)), dim);
    // The greatest is the same in any order: several are sought side by side, since each comparison waits for the last.
    const values = vectors.map(({ value }) => value);
    const free = vectors.every(({ combine }) => combine === 'maximum' || combine === 'minimum');
    const apart = free && !values.some((value) => usesStage(value)) && this.#mayShift(values, dim) ? LINE_VECTORS : 1;
    const partials = Array.from({ length: apart }, (_, vector) => copyOf(vectors, vector));
    this.#inBlocks(dims[dim] as number, vectors, 4 * SUM_BLOCK, (from, to) => {
      this.#reset(partials.flat());
      this.#builder.vectorsAlong(dim, from, to, apart, (count, width) =>
        this.#combineElements(width === 4 ? partials.slice(0, count).flat() : singles, undefined),
      );
      for (const partial of partials) this.#join(vectors, partial);
    });
  }

  /** Stages in order, those together that use no result of one another. */
  #groups(): number[][] {
    const groups: number[][] = [];
    for (const [number, { value }] of this.#spec.stages.entries()) {
      const group = groups.at(-1);
      if (group && !usesStage(value, group)) group.push(number);
      else groups.push([number]);
    }
    return groups;
  }

  /** Makes the locals of a group of stages, for so many vectors. */
  #start(group: readonly number[], vectors: number): Running[] {
    const { f } = this.#builder;
    const start = (number: number, vector: number): Running => {
      const { combine, value } = this.#spec.stages[number] as ReduceSpec['stages'][number];
      const into = f.local(V128);
      (this.#stages[vector] as number[])[number] = into;
      const best = combine === 'argmax' || combine === 'argmin' ? f.local(V128) : undefined;
      if (best !== undefined) f.splat(combine === 'argmax' ? -Infinity : Infinity).set(best);
      return { stage: number, combine, value, vector, into, best };
    };
    const running = this.#stages.slice(0, vectors).flatMap((_, vector) => {
      const all = group.map((number) => start(number, vector));
      // The best element of an argmax is the maximum of the same value (max-pooling).
      return all.filter(({ combine, value }, i) => {
        const twin = all.find((each) => each.combine === ARGUMENT[combine] && exactKey(each.value) === exactKey(value));
        if (twin?.best === undefined) return true;
        (this.#stages[vector] as number[])[group[i] as number] = twin.best;
        return false;
      });
    });
    this.#reset(running);
    return running;
  }

  #reset(running: readonly Running[]): void {
    for (const { combine, into } of running) this.#builder.f.splat(IDENTITY[combine]).set(into);
  }

  #join(totals: readonly Running[], parts: readonly Running[]): void {
    for (const [i, { into, combine, best }] of totals.entries()) {
      if (best !== undefined) continue;
      const instruction = COMBINE[combine as keyof typeof COMBINE];
      this.#builder.f
        .get(into)
        .get(parts[i]?.into as number)
        .emit(instruction)
        .set(into);
    }
  }

  #combineElements(running: readonly Running[], place: number | undefined): void {
    for (const [vector, stages] of this.#stages.entries()) {
      const own = running.filter((each) => each.vector === vector);
      if (own.length > 0) this.#builder.shifted(vector, () => this.#combineVector(own, stages, place));
    }
  }

  #combineVector(running: readonly Running[], stages: readonly number[], place: number | undefined): void {
    const { f } = this.#builder;
    const elements = this.#builder.emit(
      running.map(({ value }) => value),
      stages,
    );
    for (const [i, { stage, combine, into, best }] of running.entries()) {
      const element = elements[i] as number;
      if (stage === this.#kept?.stage) this.#builder.store(element, this.#kept.output);
      if (combine !== 'argmax' && combine !== 'argmin') {
        f.get(into).get(element).emit(COMBINE[combine]).set(into);
        continue;
      }
      // NaN is better than all but an earlier NaN.
      const [previous, better] = [best as number, f.local(V128)];
      f.get(element)
        .get(previous)
        .emit(combine === 'argmax' ? 'f32x4.gt' : 'f32x4.lt');
      f.get(element).get(element).emit('f32x4.ne').get(previous).get(previous);
      f.emit('f32x4.ne', 'v128.andnot', 'v128.or').set(better);
      f.get(element).get(previous).get(better).emit('v128.bitselect').set(previous);
      f.get(place as number)
        .get(into)
        .get(better)
        .emit('v128.bitselect')
        .set(into);
    }
  }

  #inBlocks(extent: number, running: readonly Running[], size: number, block: (from: Bound, to: Bound) => void): void {
    const { f } = this.#builder;
    if (extent <= 2 * size || running.every(({ combine }) => combine !== 'sum')) {
      block(0, extent);
      return;
    }
    const [start, end] = [f.local(I32), f.local(I32)];
    f.loop(start, 0, extent, size, () => {
      f.get(start).i32(size).emit('i32.add').tee(end);
      f.i32(extent).get(end).i32(extent).emit('i32.lt_s', 'select').set(end);
      block({ local: start }, { local: end });
    });
  }

  /** Outputs without inner dims see index 0 of those. */
  #resetInner(): void {
    const { f, indices, dims } = this.#builder;
    for (let dim = this.#outer; dim < dims.length; dim++) f.i32(0).set(indices[dim] as number);
  }

  #store(k: number, value: Expression, vector = 0): void {
    const [local] = this.#builder.emit([value], this.#stages[vector]);
    this.#builder.store(local as number, k);
  }
}

const COMBINE = { sum: 'f32x4.add', product: 'f32x4.mul', maximum: 'f32x4.max', minimum: 'f32x4.min' } as const;

/** What finds the place of an extreme element. */
const ARGUMENT: Partial<Readonly<Record<Combine, Combine>>> = { maximum: 'argmax', minimum: 'argmin' };

/** What a result is before its first element. */
const IDENTITY: Readonly<Record<Combine, number>> = {
  sum: 0,
  product: 1,
  maximum: Number.NEGATIVE_INFINITY,
  minimum: Number.POSITIVE_INFINITY,
  argmax: 0,
  argmin: 0,
};

/** Whether an expression is the same at each place but for its loads. */
function plain(value: Expression): boolean {
  let found = true;
  mapLeaves(value, (leaf) => {
    if (leaf.kind === 'index' || leaf.kind === 'random') found = false;
    return leaf;
  });
  return found;
}

/** Whether an expression uses one of these stages, or any if none are named. */
function usesStage(value: Expression, stages?: readonly number[]): boolean {
  let found = false;
  mapLeaves(value, (leaf) => {
    if (leaf.kind === 'stage' && (stages?.includes(leaf.stage) ?? true)) found = true;
    return leaf;
  });
  return found;
}
