import { F32, FunctionBuilder, I32, I64, V128 } from './assembler.ts';

/** The four words of a block after ten rounds. */
interface Words {
  readonly f: FunctionBuilder;
  readonly words: readonly [number, number, number, number];
}

/**
 * From (row-major index, stream, step, seed) to the uniform in [0, 1) that the `random` expression draws for that index;
 * see kernels/philox.ts, whose words it equals.
 */
export function buildPhilox(): FunctionBuilder {
  const {
    f,
    words: [c0, c1, c2, c3],
  } = rounds(F32);
  const lane = f.local(I32);
  f.get(0).i32(3).emit('i32.and').set(lane);
  f.get(c0).get(c1).get(lane).emit('i32.eqz', 'select');
  f.get(c2).get(c3).get(lane).i32(2).emit('i32.eq', 'select');
  f.get(lane).i32(2).emit('i32.lt_s', 'select');
  return f
    .i32(8)
    .emit('i32.shr_u', 'f32.convert_i32_u')
    .f32(2 ** -24)
    .emit('f32.mul');
}

/** The same for all four indices of the block that the index lies in. */
export function buildPhiloxBlock(): FunctionBuilder {
  const { f, words } = rounds(V128);
  f.splatBits(0);
  for (const [lane, word] of words.entries()) f.get(word).replaceIntLane(lane);
  return f
    .i32(8)
    .emit('i32x4.shr_u', 'f32x4.convert_i32x4_s')
    .splat(2 ** -24)
    .emit('f32x4.mul');
}

function rounds(result: typeof F32 | typeof V128): Words {
  const f = new FunctionBuilder([I32, I32, I32, I32], [result]);
  const [place, stream, step, seed] = [0, 1, 2, 3];
  const words = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)] as const;
  const [c0, c1, c2, c3] = words;
  const [k0, k1, p0, p1] = [f.local(I32), f.local(I32), f.local(I64), f.local(I64)];
  f.get(place).i32(2).emit('i32.shr_u').set(c0);
  f.get(stream).set(c1).get(step).set(c2).i32(0).set(c3);
  f.get(seed).set(k0).i32(0x67726164).set(k1);
  const high = (product: number) => f.get(product).i64(32n).emit('i64.shr_u', 'i32.wrap_i64');
  for (let round = 0; round < 10; round++) {
    if (round > 0) {
      f.get(k0).i32(0x9e3779b9).emit('i32.add').set(k0);
      f.get(k1).i32(0xbb67ae85).emit('i32.add').set(k1);
    }
    f.get(c0).emit('i64.extend_i32_u').i64(0xd2511f53n).emit('i64.mul').set(p0);
    f.get(c2).emit('i64.extend_i32_u').i64(0xcd9e8d57n).emit('i64.mul').set(p1);
    high(p1).get(c1).emit('i32.xor').get(k0).emit('i32.xor').set(c0);
    high(p0).get(c3).emit('i32.xor').get(k1).emit('i32.xor').set(c2);
    f.get(p1).emit('i32.wrap_i64').set(c1);
    f.get(p0).emit('i32.wrap_i64').set(c3);
  }
  return { f, words };
}
