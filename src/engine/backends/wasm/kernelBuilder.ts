import { stridesOf } from '../../ir/shape.ts';
import type { DType, Shape } from '../../ir/types.ts';
import type { Access } from '../../kernels/access.ts';
import type { Expression } from '../../kernels/expression.ts';
import { type Bound, FunctionBuilder, I32, ModuleBuilder, V128 } from './assembler.ts';
import { emitExpressions, type InlineMath } from './emitExpression.ts';
import { emitExp } from './inlineMath.ts';
import { AddressesAlong, LoadEmitter } from './loadEmitter.ts';
import { buildMath, type MathName } from './mathFunctions.ts';
import { buildPhilox, buildPhiloxBlock } from './philoxFunction.ts';

/** Where a result goes: element strides over the kernel's dims. */
export interface OutputPlace {
  /** Number of the result it is a part of; its own number, if there is one place for each result. */
  readonly result?: number;
  readonly dtype: DType;
  readonly strides: readonly number[];
  readonly offset: number;
}

type FunctionName = MathName | 'philox' | 'philoxBlock';

/**
 * One kernel function over loops: parameters are the operands' addresses, then the results', then the range
 * [begin, end) of the first loop. Values are computed four at a time along one dim (`lanes`), or one at a time: the same
 * code, of which only the first lane counts. Addresses grow loop by loop, so that inner loops do little arithmetic.
 */
export class KernelBuilder {
  readonly f: FunctionBuilder;
  /** One local a dim. */
  readonly indices: readonly number[];
  readonly dims: Shape;
  readonly #places: readonly OutputPlace[];
  readonly #loads: LoadEmitter;
  readonly #functions = new Map<FunctionName, number>();
  readonly #module = new ModuleBuilder();
  /** Address of each result at the loop at hand, but for its constant offset. */
  #targets: number[];
  #lanes = -1;
  #width: 1 | 4 = 1;
  #shift = 0;

  /**
   * Loads may also read results, of which there are as many as places if no number is given; their numbers follow those
   * of the operands, and what is read is float32.
   */
  constructor(
    dims: Shape,
    loads: readonly Access[],
    dtypes: readonly DType[],
    places: readonly OutputPlace[],
    results = places.length,
  ) {
    this.dims = dims;
    this.#places = places;
    this.f = new FunctionBuilder(new Array<typeof I32>(dtypes.length + results + 2).fill(I32));
    this.indices = dims.map(() => this.f.local(I32));
    const all = [...dtypes, ...new Array<DType>(results).fill('f32')];
    this.#loads = new LoadEmitter(this.f, this.indices, loads, all);
    this.#targets = places.map(({ result }, k) => dtypes.length + (result ?? k));
  }

  /** Local of the first parameter of the range over the first loop. */
  get begin(): number {
    return this.f.parameters.length - 2;
  }

  /** Adds a function that the kernel calls; its number. */
  add(build: FunctionBuilder): number {
    return this.#module.add(build);
  }

  /** The finished module; it exports the kernel as `run`. */
  module(): ModuleBuilder {
    this.#module.add(this.f, 'run');
    return this.#module;
  }

  /** Says along which dim the following code runs, `width` places at a time. */
  setLanes(dim: number, width: 1 | 4): void {
    this.#lanes = dim;
    this.#width = width;
    this.#loads.setLanes(dim, width);
  }

  /** Loops over a dim. */
  loop(dim: number, start: Bound, end: Bound, step: number, body: () => void): void {
    const index = this.indices[dim] as number;
    this.f.loop(index, start, end, step, () => this.inside(dim, body));
  }

  /** Runs a loop four places at a time, and what is left of it one by one. */
  lanesAlong(dim: number, start: Bound, end: Bound, body: (width: 1 | 4) => void): void {
    const whole = this.#wholeBlocks(start, end, 4);
    this.setLanes(dim, 4);
    if (whole !== start) this.loop(dim, start, whole, 4, () => body(4));
    this.setLanes(dim, 1);
    if (whole !== end) this.loop(dim, whole, end, 1, () => body(1));
  }

  /** Runs a loop so many vectors at a time, which `shifted` tells apart, then as `lanesAlong` does. */
  vectorsAlong(
    dim: number,
    start: Bound,
    end: Bound,
    vectors: number,
    body: (vectors: number, width: 1 | 4) => void,
  ): void {
    const rest = (from: Bound) => this.lanesAlong(dim, from, end, (width) => body(1, width));
    const whole = vectors === 1 ? start : this.#wholeBlocks(start, end, 4 * vectors);
    this.setLanes(dim, 4);
    if (whole !== start) this.loop(dim, start, whole, 4 * vectors, () => body(vectors, 4));
    if (whole !== end) rest(whole);
  }

  /** Runs `body` for the vector that is so many further along the lanes: for loads without tests and for results only. */
  shifted(vector: number, body: () => void): void {
    this.#shift = 4 * vector;
    this.#loads.setShift(this.#shift);
    body();
    this.#shift = 0;
    this.#loads.setShift(0);
  }

  /** Loops over all of a dim, or writes out its turns one after another. */
  loopAll(dim: number, unrolled: boolean, body: () => void): void {
    const extent = this.dims[dim] as number;
    if (!unrolled) {
      this.loop(dim, 0, extent, 1, body);
      return;
    }
    for (let i = 0; i < extent; i++) {
      this.f.i32(i).set(this.indices[dim] as number);
      this.inside(dim, body);
    }
  }

  /** Tests that are the same for all places along the lane dim; goes before the innermost loop. */
  prepareLoads(used: ReadonlySet<number>, lanes: number): void {
    this.#loads.prepare(used, lanes);
  }

  /** Computes expressions for the places at hand, into the locals that it returns. `stages` are locals of vectors. */
  emit(expressions: readonly Expression[], stages: readonly number[] = [], inline: InlineMath = {}): number[] {
    const leaves = {
      load: (load: number) => this.#loads.emit(load),
      index: (dim: number) => this.#emitIndex(dim),
      stage: (stage: number) => void this.f.get(stages[stage] as number),
      random: (node: Expression & { kind: 'random' }) => this.#emitRandom(node),
    };
    return emitExpressions(this.f, expressions, leaves, (name) => this.#function(name), {
      exp: () => emitExp(this.f),
      ...inline,
    });
  }

  /** Stores the vector in a local, or its first lane, as an element of result `k`. */
  store(value: number, k: number): void {
    const { f } = this;
    const { strides, dtype, offset } = this.#places[k] as OutputPlace;
    const apart = 4 * (offset + this.#shift * (strides[this.#lanes] ?? 0));
    const address = this.#targets[k] as number;
    if (dtype === 'i32') f.get(value).emit('i32x4.trunc_sat_f32x4_s').set(value);
    if (this.#width === 1) f.get(address).get(value).storeLane(0, apart);
    else if (strides[this.#lanes] === 1) f.get(address).get(value).storeAt(apart, 'v128.store');
    else {
      const bytes = 4 * (strides[this.#lanes] as number);
      for (let lane = 0; lane < 4; lane++)
        f.get(address)
          .get(value)
          .storeLane(lane, apart + bytes * lane);
    }
  }

  /** Runs `body` with addresses that the index of one more dim has gone into. */
  inside(dim: number, body: () => void): void {
    const outside = this.#targets;
    const moved = new AddressesAlong(this.f, this.indices[dim] as number);
    this.#targets = outside.map((address, k) => moved.of(address, 4 * (this.#places[k]?.strides[dim] as number)));
    this.#loads.inside(dim, body);
    this.#targets = outside;
  }

  /** Where the last whole block of a range ends; a power of two of places is a block. */
  #wholeBlocks(start: Bound, end: Bound, places: number): Bound {
    if (typeof start === 'number' && typeof end === 'number') return end - ((end - start) % places);
    // start + ((end − start) with its low bits cleared)
    const whole = this.f.local(I32);
    this.f.bound(start).bound(end).bound(start).emit('i32.sub').i32(-places).emit('i32.and', 'i32.add').set(whole);
    return { local: whole };
  }

  #emitIndex(dim: number): void {
    const { f } = this;
    f.get(this.indices[dim] as number).emit('f32.convert_i32_s', 'f32x4.splat');
    if (dim === this.#lanes && this.#width === 4) f.lanes([0, 1, 2, 3]).emit('f32x4.add');
  }

  /** Word i mod 4 of block i div 4 for the row-major index i. */
  #emitRandom({ seed, step, stream }: Expression & { kind: 'random' }): void {
    const { f } = this;
    const strides = stridesOf(this.dims);
    const place = f.local(I32);
    f.i32(0);
    for (const [dim, stride] of strides.entries())
      f.get(this.indices[dim] as number)
        .i32(stride)
        .emit('i32.mul', 'i32.add');
    f.set(place);
    const draw = (name: 'philox' | 'philoxBlock', shift: number) => {
      f.get(place).i32(shift).emit('i32.add').i32(stream);
      this.#loads.emitId(step);
      this.#loads.emitId(seed);
      f.call(this.#function(name));
    };
    if (this.#width === 1) {
      draw('philox', 0);
      f.emit('f32x4.splat');
    } else if (strides[this.#lanes] === 1) {
      // Four indices lie in one block, or in two: lanes of the first from `place` on, then those of the second.
      const [lane, both] = [f.local(I32), f.local(V128)];
      f.get(place).i32(3).emit('i32.and').tee(lane).emit('i32.eqz');
      f.choose(
        V128,
        () => draw('philoxBlock', 0),
        () => {
          const picks = () => f.get(lane).i32(4).emit('i32.mul', 'i8x16.splat').bytesUpward().emit('i8x16.add');
          draw('philoxBlock', 0);
          picks().emit('i8x16.swizzle').set(both);
          draw('philoxBlock', 4);
          picks().splatByte(16).emit('i8x16.sub', 'i8x16.swizzle').get(both).emit('v128.or');
        },
      );
    } else {
      f.splat(0);
      for (let lane = 0; lane < 4; lane++) {
        draw('philox', lane * (strides[this.#lanes] as number));
        f.replaceLane(lane);
      }
    }
  }

  #function(name: FunctionName): number {
    const known = this.#functions.get(name);
    if (known !== undefined) return known;
    const index = this.#module.add(this.#build(name));
    this.#functions.set(name, index);
    return index;
  }

  #build(name: FunctionName): FunctionBuilder {
    if (name === 'philox') return buildPhilox();
    if (name === 'philoxBlock') return buildPhiloxBlock();
    return buildMath(name, (other) => this.#function(other));
  }
}
