import { tanhFit } from '../../kernels/tanhFit.ts';
import { type FunctionBuilder, V128 } from './assembler.ts';

// Functions that are written out where they are used, in place of a call: each replaces the vector on the stack. Their
// numbers stay in locals, so that a loop does not make them anew. `pmin` and `pmax` keep a NaN that comes first, in one
// instruction where `min` and `max` take seven.

/** Added to a small float32 it leaves the nearest whole number in the low bits: 1.5·2²³. */
const ROUNDER = 12582912;
const ROUNDER_BITS = 0x4b400000;

/** 2ⁿ·eʳ with |r| ≤ ln 2 / 2, the reduction in two parts (Cephes, expf); the power of two in two factors, for denormals. */
export function emitExp(f: FunctionBuilder): void {
  const [x, n, r, bits, half] = [f.local(V128), f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
  const constant = (value: number) => f.get(f.constant(value));
  constant(-104).emit('f32x4.pmax');
  constant(89).emit('f32x4.pmin').tee(x);
  constant(Math.LOG2E).emit('f32x4.mul');
  constant(ROUNDER).emit('f32x4.add').tee(bits);
  constant(ROUNDER).emit('f32x4.sub').set(n);
  f.get(x).get(n);
  constant(0.693359375).emit('f32x4.mul', 'f32x4.sub').get(n);
  constant(-2.1219444e-4).emit('f32x4.mul', 'f32x4.sub').set(r);
  constant(1.98756915e-4);
  for (const coefficient of [1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1]) {
    f.get(r).emit('f32x4.mul');
    constant(coefficient).emit('f32x4.add');
  }
  f.get(r).emit('f32x4.mul').get(r).emit('f32x4.mul').get(r).emit('f32x4.add');
  constant(1).emit('f32x4.add');
  f.get(bits).splatBits(ROUNDER_BITS).emit('i32x4.sub').tee(bits).i32(1).emit('i32x4.shr_s').set(half);
  const powerOfTwo = () => f.splatBits(127).emit('i32x4.add').i32(23).emit('i32x4.shl', 'f32x4.mul');
  f.get(half);
  powerOfTwo();
  f.get(bits).get(half).emit('i32x4.sub');
  powerOfTwo();
}

/** tanh as `tanhFit` has it, for the cells of scans: in a third of the time of a call. */
export function emitTanhFit(f: FunctionBuilder, fused: boolean): void {
  const { largest, numerator, denominator } = tanhFit;
  const [x, t] = [f.local(V128), f.local(V128)];
  const constant = (value: number) => f.get(f.constant(value));
  constant(largest).emit('f32x4.pmin');
  constant(-largest).emit('f32x4.pmax').tee(x).get(x).emit('f32x4.mul').set(t);
  const polynomial = (coefficients: readonly number[]) => {
    const [last, ...rest] = [...coefficients].reverse() as [number, ...number[]];
    constant(last);
    for (const coefficient of rest) {
      f.get(t);
      if (fused) constant(coefficient).emit('f32x4.relaxed_madd');
      else {
        f.emit('f32x4.mul');
        constant(coefficient).emit('f32x4.add');
      }
    }
  };
  polynomial(numerator);
  f.get(x).emit('f32x4.mul');
  polynomial(denominator);
  f.emit('f32x4.div');
}
