import type { DType } from '../../ir/types.ts';
import type { Access, AccessAxis } from '../../kernels/access.ts';
import { type FunctionBuilder, I32, V128 } from './assembler.ts';

/** What the axes with a test of one load give, those aside that depend on the lane dim. */
interface Tested {
  /** Byte offset that they add, or undefined for none. */
  readonly offset: number | undefined;
  /** Whether all of them are inside, or undefined if nothing is tested. */
  readonly valid: number | undefined;
}

/** Encodes the reads of a kernel: vectors of four float32 from strides, tests, divisions and gathers. */
export class LoadEmitter {
  readonly #f: FunctionBuilder;
  readonly #indices: readonly number[];
  readonly #loads: readonly Access[];
  readonly #dtypes: readonly DType[];
  readonly #tested = new Map<number, Tested>();
  /** Bytes that go into each load's instruction, so that reads that lie a constant apart share an address. */
  readonly #apart: readonly number[];
  /** Address of each load at the loop at hand, from the axes that need no test. */
  #addresses: number[];
  #lanes = -1;
  #width: 1 | 4 = 1;
  #shift = 0;

  constructor(f: FunctionBuilder, indices: readonly number[], loads: readonly Access[], dtypes: readonly DType[]) {
    this.#f = f;
    this.#indices = indices;
    this.#loads = loads;
    this.#dtypes = dtypes;
    const offsets = loads.map(
      (read) =>
        this.#bytes(read) * read.axes.reduce((sum, axis) => (axis.checked ? sum : sum + axis.offset * axis.stride), 0),
    );
    this.#apart = loads.map((read, number) => (onlyGrows(read) ? Math.max(0, offsets[number] as number) : 0));
    this.#addresses = loads.map((read, number) => {
      const offset = (offsets[number] as number) - (this.#apart[number] as number);
      if (offset === 0) return read.operand;
      const address = f.local(I32);
      f.get(read.operand).i32(offset).emit('i32.add').set(address);
      return address;
    });
  }

  setLanes(dim: number, width: 1 | 4): void {
    this.#lanes = dim;
    this.#width = width;
  }

  /** Has loads without tests read so many places further along the lanes. */
  setShift(places: number): void {
    this.#shift = places;
  }

  /** Runs `body` with addresses that the index of one more dim has gone into. */
  inside(dim: number, body: () => void): void {
    const outside = this.#addresses;
    const moved = new AddressesAlong(this.#f, this.#indices[dim] as number);
    this.#addresses = outside.map((address, number) => {
      const read = this.#loads[number] as Access;
      return moved.of(address, strideAlong(read, dim, false) * this.#bytes(read));
    });
    body();
    this.#addresses = outside;
  }

  /** Computes the tests of `used` that do not depend on the lane dim. */
  prepare(used: ReadonlySet<number>, lanes: number): void {
    for (const number of used) {
      const read = this.#loads[number] as Access;
      const axes = read.axes.filter((axis) => axis.checked && !dependsOn(axis, lanes));
      if (axes.length === 0) {
        this.#tested.set(number, { offset: undefined, valid: undefined });
        continue;
      }
      const [offset, valid] = [this.#f.local(I32), this.#f.local(I32)];
      this.#f.i32(0).set(offset).i32(1).set(valid);
      for (const axis of axes) this.#test(axis, offset, valid, this.#bytes(read));
      this.#tested.set(number, { offset, valid });
    }
  }

  /** Leaves the values of a load. */
  emit(number: number): void {
    const read = this.#loads[number] as Access;
    const { offset, valid } = this.#tested.get(number) as Tested;
    const f = this.#f;
    const along = read.axes.filter((axis) => axis.checked && dependsOn(axis, this.#lanes));
    let base = this.#addresses[number] as number;
    if (offset !== undefined) {
      base = f.local(I32);
      f.get(this.#addresses[number] as number)
        .get(offset)
        .emit('i32.add')
        .set(base);
    }
    if (along.length > 0) {
      this.#emitTested(read, base, valid, along);
      return;
    }
    const stride = strideAlong(read, this.#lanes, true);
    const apart = (this.#apart[number] as number) + this.#shift * stride * this.#bytes(read);
    const fetch = () => this.#fetch(base, stride, this.#dtypes[read.operand] as DType, apart);
    if (valid === undefined) fetch();
    else f.get(valid).choose(V128, fetch, () => void f.splat(read.outside));
  }

  /** Leaves an int32 from a load that does not depend on the lane dim: a row number, a seed. */
  emitId(number: number): void {
    const read = this.#loads[number] as Access;
    const f = this.#f;
    const axes = read.axes.filter((axis) => axis.checked);
    const address = f.local(I32);
    const valid = axes.length > 0 ? f.local(I32) : undefined;
    f.get(this.#addresses[number] as number).set(address);
    if (valid !== undefined) f.i32(1).set(valid);
    for (const axis of axes) this.#test(axis, address, valid as number, this.#bytes(read));
    const dtype = this.#dtypes[read.operand];
    const apart = this.#apart[number] as number;
    const fetch = () => {
      f.get(address);
      if (dtype === 'i32') f.loadAt(apart, 'i32.load');
      else if (dtype === 'u8') f.loadAt(apart, 'i32.load8_u');
      else f.loadAt(apart, 'f32.load').emit('i32.trunc_sat_f32_s');
    };
    if (valid === undefined) fetch();
    else f.get(valid).choose(I32, fetch, () => void f.i32(read.outside));
  }

  #bytes(read: Access): number {
    return this.#dtypes[read.operand] === 'u8' ? 1 : 4;
  }

  /** Leaves the sum of an axis, before division, for one of the lanes. */
  #sum(axis: AccessAxis, lane = 0): void {
    const f = this.#f;
    f.i32(axis.offset + (lane === 0 ? 0 : lane * scaleAlong(axis, this.#lanes)));
    for (const { dim, scale } of axis.terms) {
      f.get(this.#indices[dim] as number);
      if (scale !== 1) f.i32(scale).emit('i32.mul');
      f.emit('i32.add');
    }
    if (axis.gather !== undefined) {
      this.emitId(axis.gather);
      f.emit('i32.add');
    }
  }

  /** Adds an axis to a byte offset; clears `valid` where its index lies outside. */
  #test(axis: AccessAxis, offset: number, valid: number, bytes: number, lane = 0): void {
    const f = this.#f;
    const index = f.local(I32);
    this.#sum(axis, lane);
    if (axis.divisor !== 1) {
      const sum = f.local(I32);
      f.tee(sum).i32(axis.divisor).emit('i32.div_s').set(index);
      // Exact, and not a negative number that rounds to 0.
      f.get(valid).get(index).i32(axis.divisor).emit('i32.mul').get(sum).emit('i32.eq', 'i32.and').set(valid);
    } else f.set(index);
    f.get(valid).get(index).i32(axis.extent).emit('i32.lt_u', 'i32.and').set(valid);
    f.get(index)
      .i32(axis.stride * bytes)
      .emit('i32.mul')
      .get(offset)
      .emit('i32.add')
      .set(offset);
  }

  /** Axes with a test along the lanes: a vector where all four are inside, else each lane by itself. */
  #emitTested(read: Access, base: number, valid: number | undefined, along: readonly AccessAxis[]): void {
    const f = this.#f;
    const [axis] = along as [AccessAxis];
    const scale = scaleAlong(axis, this.#lanes);
    const reach = axis.extent - 3 * scale;
    const bytes = this.#bytes(read);
    const fits = along.length === 1 && axis.divisor === 1 && axis.gather === undefined && scale > 0 && reach > 0;
    if (!fits || this.#width === 1) {
      this.#emitLanes(read, base, valid, along);
      return;
    }
    const [index, address] = [f.local(I32), f.local(I32)];
    this.#sum(axis);
    f.tee(index).i32(reach).emit('i32.lt_u');
    if (valid !== undefined) f.get(valid).emit('i32.and');
    f.choose(
      V128,
      () => {
        f.get(index)
          .i32(axis.stride * bytes)
          .emit('i32.mul')
          .get(base)
          .emit('i32.add')
          .set(address);
        this.#fetch(address, strideAlong(read, this.#lanes, true), this.#dtypes[read.operand] as DType);
      },
      () => this.#emitLanes(read, base, valid, along),
    );
  }

  #emitLanes(read: Access, base: number, valid: number | undefined, along: readonly AccessAxis[]): void {
    const f = this.#f;
    const dtype = this.#dtypes[read.operand];
    const bytes = this.#bytes(read);
    const plain = strideAlong(read, this.#lanes, false) * bytes;
    const [result, address, inside] = [f.local(V128), f.local(I32), f.local(I32)];
    const lanes = () => {
      for (let lane = 0; lane < this.#width; lane++) {
        f.get(base);
        if (plain * lane !== 0) f.i32(plain * lane).emit('i32.add');
        f.set(address).i32(1).set(inside);
        for (const axis of along) this.#test(axis, address, inside, bytes, lane);
        f.get(inside).when(() => {
          f.get(result).get(address);
          if (dtype === 'u8') f.emit('i32.load8_u', 'f32.convert_i32_u');
          else if (dtype === 'i32') f.emit('i32.load', 'f32.convert_i32_s');
          else f.emit('f32.load');
          f.replaceLane(lane).set(result);
        });
      }
    };
    f.splat(read.outside).set(result);
    if (valid === undefined) lanes();
    else f.get(valid).when(lanes);
    f.get(result);
  }

  /** Four elements `stride` apart, or one in the first lane, `apart` bytes from an address. */
  #fetch(address: number, stride: number, dtype: DType, apart = 0): void {
    const f = this.#f;
    const single = this.#width === 1 || stride === 0;
    if (dtype === 'u8') {
      if (single) f.get(address).loadAt(apart, 'i32.load8_u').emit('f32.convert_i32_u', 'f32x4.splat');
      else if (stride === 1) {
        f.get(address)
          .vectorLoadAt(apart, 'v128.load32_zero')
          .emit('i16x8.extend_low_i8x16_u', 'i32x4.extend_low_i16x8_u', 'f32x4.convert_i32x4_s');
      } else {
        f.splat(0);
        for (let lane = 0; lane < 4; lane++) {
          f.get(address)
            .i32(lane * stride)
            .emit('i32.add')
            .loadAt(apart, 'i32.load8_u')
            .emit('f32.convert_i32_u')
            .replaceLane(lane);
        }
      }
      return;
    }
    if (single) f.get(address).vectorLoadAt(apart, 'v128.load32_splat');
    else if (stride === 1) f.get(address).vectorLoadAt(apart, 'v128.load');
    else if (stride === 2) {
      // Elements 0 to 3 and 3 to 6: nothing past the last one is read.
      f.get(address).vectorLoadAt(apart, 'v128.load');
      f.get(address)
        .vectorLoadAt(apart + 12, 'v128.load')
        .shuffle([0, 2, 5, 7]);
    } else {
      f.get(address).vectorLoadAt(apart, 'v128.load32_splat');
      for (let lane = 1; lane < 4; lane++) {
        f.get(address)
          .i32(4 * lane * stride)
          .emit('i32.add')
          .loadAt(apart, 'f32.load')
          .replaceLane(lane);
      }
    }
    if (dtype === 'i32') f.emit('f32x4.convert_i32x4_s');
  }
}

/** Addresses that the index of a loop has gone into: each that is asked for is computed once. */
export class AddressesAlong {
  readonly #f: FunctionBuilder;
  readonly #index: number;
  readonly #known = new Map<string, number>();

  constructor(f: FunctionBuilder, index: number) {
    this.#f = f;
    this.#index = index;
  }

  /** Local with an address plus the index times so many bytes. */
  of(address: number, bytes: number): number {
    if (bytes === 0) return address;
    const key = `${address} ${bytes}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const moved = this.#f.local(I32);
    this.#f.get(this.#index).i32(bytes).emit('i32.mul').get(address).emit('i32.add').set(moved);
    this.#known.set(key, moved);
    return moved;
  }
}

/** Whether no index takes a read before its place at index 0, so that a constant may be added last. */
function onlyGrows({ axes }: Access): boolean {
  return axes.every(
    ({ checked, gather, terms }) => !checked && gather === undefined && terms.every(({ scale }) => scale >= 0),
  );
}

function dependsOn(axis: AccessAxis, dim: number): boolean {
  return scaleAlong(axis, dim) !== 0;
}

function scaleAlong(axis: AccessAxis, dim: number): number {
  return axis.terms.reduce((sum, term) => (term.dim === dim ? sum + term.scale : sum), 0);
}

/** Elements from one place along a dim to the next; axes with a test count only if `all`. */
function strideAlong({ axes }: Access, dim: number, all: boolean): number {
  return axes.reduce((sum, axis) => (axis.checked && !all ? sum : sum + scaleAlong(axis, dim) * axis.stride), 0);
}
