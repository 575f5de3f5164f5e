import { stridesOf } from '../../ir/shape.ts';
import type { DType, Shape } from '../../ir/types.ts';
import type { Access, AccessAxis } from '../../kernels/access.ts';
import type { Expression } from '../../kernels/expression.ts';
import { FunctionBuilder, I32, ModuleBuilder, V128 } from './assembler.ts';
import { emitExpression } from './emitExpression.ts';
import { buildMath, type MathName } from './mathFunctions.ts';
import { buildPhilox } from './philoxFunction.ts';

/** Where a kernel writes: element strides over its dims. */
export interface OutputPlace {
  readonly parameter: number;
  readonly dtype: DType;
  readonly strides: readonly number[];
  readonly offset: number;
}

/**
 * One kernel function over loops: parameters are the operands' addresses, then the results', then the range
 * [begin, end) of the first loop. Values are computed four at a time along one dim (`lanes`), or one at a time: the same
 * code, of which only the first lane counts.
 */
export class KernelBuilder {
  readonly f: FunctionBuilder;
  /** One local a dim. */
  readonly indices: readonly number[];
  readonly dims: Shape;
  readonly #loads: readonly Access[];
  readonly #dtypes: readonly DType[];
  readonly #math = new Map<MathName | 'philox', number>();
  readonly #module = new ModuleBuilder();
  /** Address and validity of each load, but for what depends on the lane dim. */
  readonly #bases = new Map<number, { address: number; valid: number | undefined }>();
  #lanes = -1;
  #width: 1 | 4 = 1;

  constructor(dims: Shape, loads: readonly Access[], dtypes: readonly DType[], results: number) {
    this.dims = dims;
    this.#loads = loads;
    this.#dtypes = dtypes;
    this.f = new FunctionBuilder(new Array<typeof I32>(dtypes.length + results + 2).fill(I32));
    this.indices = dims.map(() => this.f.local(I32));
  }

  /** Local of the first parameter of the range over the first loop. */
  get begin(): number {
    return this.f.parameters.length - 2;
  }

  /** The finished module; it exports the kernel as `run`. */
  module(): Uint8Array<ArrayBuffer> {
    this.#module.add(this.f, 'run');
    return this.#module.bytes();
  }

  /** Says along which dim the following code runs, `width` places at a time. */
  setLanes(dim: number, width: 1 | 4): void {
    this.#lanes = dim;
    this.#width = width;
  }

  get width(): 1 | 4 {
    return this.#width;
  }

  /** Computes what is constant along the lane dim for each load that `used` names; goes before the innermost loop. */
  prepareLoads(used: ReadonlySet<number>, lanes: number): void {
    for (const number of used) {
      const read = this.#loads[number] as Access;
      const outside = read.axes.filter((axis) => !dependsOn(axis, lanes));
      const address = this.f.local(I32);
      const tests = outside.filter((axis) => axis.checked);
      const valid = tests.length > 0 ? this.f.local(I32) : undefined;
      this.f.get(read.operand).set(address);
      if (valid !== undefined) this.f.i32(1).set(valid);
      for (const axis of outside) this.#addAxis(axis, address, valid, this.#bytes(read));
      this.#bases.set(number, { address, valid });
    }
  }

  /** Leaves the value of an expression for the places at hand. `stages` are locals of vectors. */
  emit(expression: Expression, stages: readonly number[]): void {
    const leaves = {
      load: (load: number) => this.#emitLoad(load),
      index: (dim: number) => this.#emitIndex(dim),
      stage: (stage: number) => void this.f.get(stages[stage] as number),
      random: (node: Expression & { kind: 'random' }) => this.#emitRandom(node),
    };
    emitExpression(this.f, expression, leaves, (name) => this.#function(name));
  }

  /** Stores the vector in a local, or its first lane. */
  store(value: number, place: OutputPlace): void {
    const { f } = this;
    const stride = this.#lanes < 0 ? 0 : (place.strides[this.#lanes] as number);
    const vector = f.local(V128);
    f.get(value);
    if (place.dtype === 'i32') f.emit('i32x4.trunc_sat_f32x4_s');
    f.set(vector);
    const address = f.local(I32);
    f.get(place.parameter);
    if (place.offset !== 0) f.i32(4 * place.offset).emit('i32.add');
    for (const [dim, extent] of this.dims.entries()) {
      const bytes = 4 * (place.strides[dim] as number);
      if (bytes === 0 || extent === 1) continue;
      f.get(this.indices[dim] as number)
        .i32(bytes)
        .emit('i32.mul', 'i32.add');
    }
    f.set(address);
    if (this.#width === 1) f.get(address).get(vector).storeLane(0);
    else if (stride === 1) f.get(address).get(vector).storeAt(0, 'v128.store');
    else {
      for (let lane = 0; lane < 4; lane++)
        f.get(address)
          .i32(4 * stride * lane)
          .emit('i32.add')
          .get(vector)
          .storeLane(lane);
    }
  }

  #bytes(read: Access): number {
    return this.#dtypes[read.operand] === 'u8' ? 1 : 4;
  }

  /** Adds an axis to an address; clears `valid` where its index lies outside. */
  #addAxis(axis: AccessAxis, address: number, valid: number | undefined, bytes: number, lane = 0): void {
    const { f } = this;
    const constant = axis.offset + (lane === 0 ? 0 : lane * laneScale(axis, this.#lanes));
    f.i32(constant);
    for (const { dim, scale } of axis.terms) {
      f.get(this.indices[dim] as number);
      if (scale !== 1) f.i32(scale).emit('i32.mul');
      f.emit('i32.add');
    }
    if (axis.gather !== undefined) {
      this.#emitScalarId(axis.gather);
      f.emit('i32.add');
    }
    if (axis.checked && valid !== undefined) {
      const index = f.local(I32);
      if (axis.divisor !== 1) {
        const sum = f.local(I32);
        f.tee(sum).i32(axis.divisor).emit('i32.div_s').set(index);
        // Exact, and not a negative number that rounds to 0.
        f.get(valid).get(index).i32(axis.divisor).emit('i32.mul').get(sum).emit('i32.eq', 'i32.and').set(valid);
      } else f.set(index);
      f.get(valid).get(index).i32(axis.extent).emit('i32.lt_u', 'i32.and').set(valid);
      f.get(index);
    }
    f.i32(axis.stride * bytes)
      .emit('i32.mul')
      .get(address)
      .emit('i32.add')
      .set(address);
  }

  /** An int32 from a load that does not depend on the lane dim: a row number. */
  #emitScalarId(number: number): void {
    const read = this.#loads[number] as Access;
    const { f } = this;
    const address = f.local(I32);
    const valid = read.axes.some((axis) => axis.checked) ? f.local(I32) : undefined;
    f.get(read.operand).set(address);
    if (valid !== undefined) f.i32(1).set(valid);
    for (const axis of read.axes) this.#addAxis(axis, address, valid, 4);
    const fetch = () => {
      f.get(address).emit('i32.load');
      if (this.#dtypes[read.operand] !== 'i32') f.emit('drop').get(address).emit('f32.load', 'i32.trunc_sat_f32_s');
    };
    if (valid === undefined) fetch();
    else f.get(valid).choose(I32, fetch, () => void f.i32(read.outside));
  }

  #emitLoad(number: number): void {
    const read = this.#loads[number] as Access;
    const base = this.#bases.get(number) as { address: number; valid: number | undefined };
    const { f } = this;
    const inner = read.axes.filter((axis) => dependsOn(axis, this.#lanes));
    if (inner.some((axis) => axis.checked)) {
      this.#emitLanes(read, base, inner);
      return;
    }
    const dtype = this.#dtypes[read.operand] as DType;
    const bytes = this.#bytes(read);
    const fetch = () => {
      const address = f.local(I32);
      f.get(base.address).set(address);
      let stride = 0;
      for (const axis of inner) {
        this.#addAxis(axis, address, undefined, bytes);
        stride += axis.stride * laneScale(axis, this.#lanes);
      }
      this.#fetch(address, stride, dtype);
    };
    if (base.valid === undefined) fetch();
    else f.get(base.valid).choose(V128, fetch, () => void f.splat(read.outside));
  }

  /** Four elements `stride` apart, or one in the first lane. */
  #fetch(address: number, stride: number, dtype: DType): void {
    const { f } = this;
    const convert = () => {
      if (dtype === 'i32') f.emit('f32x4.convert_i32x4_s');
    };
    if (dtype === 'u8') {
      if (this.#width === 1 || stride === 0) f.get(address).emit('i32.load8_u', 'f32.convert_i32_u', 'f32x4.splat');
      else if (stride === 1) {
        f.get(address).emit(
          'v128.load32_zero',
          'i16x8.extend_low_i8x16_u',
          'i32x4.extend_low_i16x8_u',
          'f32x4.convert_i32x4_s',
        );
      } else {
        f.splat(0);
        for (let lane = 0; lane < 4; lane++) {
          f.get(address)
            .i32(lane * stride)
            .emit('i32.add', 'i32.load8_u', 'f32.convert_i32_u')
            .replaceLane(lane);
        }
      }
      return;
    }
    if (this.#width === 1 || stride === 0) f.get(address).emit('v128.load32_splat');
    else if (stride === 1) f.get(address).vectorLoadAt(0, 'v128.load');
    else {
      f.get(address).emit('v128.load32_splat');
      for (let lane = 1; lane < 4; lane++)
        f.get(address)
          .i32(4 * lane * stride)
          .emit('i32.add', 'f32.load')
          .replaceLane(lane);
    }
    convert();
  }

  /** Each lane by itself, with its own tests. */
  #emitLanes(read: Access, base: { address: number; valid: number | undefined }, inner: readonly AccessAxis[]): void {
    const { f } = this;
    const dtype = this.#dtypes[read.operand] as DType;
    const result = f.local(V128);
    f.splat(read.outside).set(result);
    const lanesAll = () => {
      for (let lane = 0; lane < this.#width; lane++) {
        const address = f.local(I32);
        const valid = f.local(I32);
        f.get(base.address).set(address).i32(1).set(valid);
        for (const axis of inner) this.#addAxis(axis, address, valid, this.#bytes(read), lane);
        f.get(valid).when(() => {
          f.get(result).get(address);
          if (dtype === 'u8') f.emit('i32.load8_u', 'f32.convert_i32_u');
          else if (dtype === 'i32') f.emit('i32.load', 'f32.convert_i32_s');
          else f.emit('f32.load');
          f.replaceLane(lane).set(result);
        });
      }
    };
    if (base.valid === undefined) lanesAll();
    else f.get(base.valid).when(lanesAll);
    f.get(result);
  }

  #emitIndex(dim: number): void {
    const { f } = this;
    f.get(this.indices[dim] as number).emit('f32.convert_i32_s', 'f32x4.splat');
    if (dim === this.#lanes && this.#width === 4) f.lanes([0, 1, 2, 3]).emit('f32x4.add');
  }

  /** One call a lane: word i mod 4 of block i div 4 for the row-major index i. */
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
    const result = f.local(V128);
    f.splat(0).set(result);
    for (let lane = 0; lane < this.#width; lane++) {
      f.get(result).get(place);
      if (lane > 0) f.i32(lane * (strides[this.#lanes] as number)).emit('i32.add');
      f.i32(stream);
      this.#emitScalarId(step);
      this.#emitScalarId(seed);
      f.call(this.#function('philox')).replaceLane(lane).set(result);
    }
    f.get(result);
  }

  #function(name: MathName | 'philox'): number {
    const known = this.#math.get(name);
    if (known !== undefined) return known;
    const build = name === 'philox' ? buildPhilox() : buildMath(name, (other) => this.#function(other));
    const index = this.#module.add(build);
    this.#math.set(name, index);
    return index;
  }
}

function dependsOn(axis: AccessAxis, dim: number): boolean {
  return laneScale(axis, dim) !== 0;
}

function laneScale(axis: AccessAxis, dim: number): number {
  return axis.terms.reduce((sum, term) => (term.dim === dim ? sum + term.scale : sum), 0);
}
