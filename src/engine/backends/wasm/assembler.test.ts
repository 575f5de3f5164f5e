import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FunctionBuilder, I32, I64, ModuleBuilder, V128, type ValueType } from './assembler.ts';

const memory = new WebAssembly.Memory({ initial: 1 });
const floats = new Float32Array(memory.buffer);
const words = new Int32Array(memory.buffer);

/** Assembles one function and gives it back as a JavaScript function. */
function assemble(
  parameters: readonly ValueType[],
  results: readonly ValueType[],
  body: (f: FunctionBuilder) => void,
): (...values: number[]) => unknown {
  const f = new FunctionBuilder(parameters, results);
  body(f);
  const module = new ModuleBuilder();
  module.add(f, 'run');
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } });
  return instance.exports.run as (...values: number[]) => unknown;
}

describe('constants', () => {
  it('come back as they were, whatever their size', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(assemble([], [I32], (f) => f.i32(value))()).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(assemble([], [I64], (f) => f.i64(value))()).toBe(value);
      }),
    );
  });

  it('fill vectors', () => {
    const store = (make: (f: FunctionBuilder) => void) => {
      assemble([], [], (f) => {
        make(f.i32(64));
        f.storeAt(0, 'v128.store');
      })();
      return floats.slice(16, 20);
    };
    expect([...store((f) => f.splat(1.5))]).toEqual([1.5, 1.5, 1.5, 1.5]);
    expect([...store((f) => f.lanes([1, -2, 3, -4]))]).toEqual([1, -2, 3, -4]);
    store((f) => f.splatBits(-7));
    expect([...words.slice(16, 20)]).toEqual([-7, -7, -7, -7]);
    store((f) => f.splatDouble(0.1));
    expect(new Float64Array(memory.buffer, 64, 2)).toEqual(Float64Array.of(0.1, 0.1));
    store((f) => f.bytesUpward());
    expect([...new Uint8Array(memory.buffer, 64, 16)]).toEqual(Array.from({ length: 16 }, (_, i) => i));
  });
});

describe('control', () => {
  const sum = (emit: (f: FunctionBuilder, i: number, add: () => void) => void) =>
    assemble([I32, I32], [I32], (f) => {
      const [i, total] = [f.local(I32), f.local(I32)];
      emit(f, i, () => f.get(total).get(i).emit('i32.add').set(total));
      f.get(total);
    });

  it('loops from start to end by a step', () => {
    const run = sum((f, i, add) => f.loop(i, { local: 0 }, { local: 1 }, 3, add));
    expect(run(2, 10)).toBe(2 + 5 + 8);
    expect(run(2, 11)).toBe(2 + 5 + 8);
    expect(run(5, 5)).toBe(0);
    expect(run(-3, 1)).toBe(-3);
  });

  it('repeats until a position is at the end', () => {
    const run = sum((f, i, add) => {
      f.get(0).set(i);
      f.repeat({ local: i }, { local: 1 }, () => {
        add();
        f.get(i).i32(2).emit('i32.add').set(i);
      });
    });
    expect(run(1, 7)).toBe(1 + 3 + 5);
    expect(run(7, 7)).toBe(0);
  });

  it('chooses a branch', () => {
    const run = assemble([I32], [I32], (f) => {
      f.get(0).choose(
        I32,
        () => void f.i32(10),
        () => void f.i32(20),
      );
    });
    expect([run(1), run(0)]).toEqual([10, 20]);
  });

  it('calls other functions of the module', () => {
    const module = new ModuleBuilder();
    const double = module.add(new FunctionBuilder([I32], [I32]).get(0).i32(2).emit('i32.mul'));
    module.add(new FunctionBuilder([I32], [I32]).get(0).call(double).call(double), 'run');
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } }).exports;
    expect((run as (x: number) => number)(5)).toBe(20);
  });
});

describe('memory and lanes', () => {
  it('reads and writes at constant offsets', () => {
    words.set([11, 22, 33], 200);
    const run = assemble([I32], [I32], (f) => f.get(0).loadAt(800, 'i32.load'));
    expect([run(0), run(4), run(8)]).toEqual([11, 22, 33]);
    floats.set([1, 2, 3, 4], 300);
    assemble([], [], (f) => {
      const vector = f.local(V128);
      f.i32(0).vectorLoadAt(1200, 'v128.load').set(vector);
      for (let lane = 0; lane < 4; lane++)
        f.i32(1600)
          .get(vector)
          .storeLane(lane, 200 * (3 - lane));
    })();
    expect([0, 1, 2, 3].map((i) => floats[400 + 50 * i])).toEqual([4, 3, 2, 1]);
  });

  it('shuffles lanes of two vectors', () => {
    assemble([], [], (f) => {
      f.i32(0).lanes([0, 1, 2, 3]).lanes([4, 5, 6, 7]).shuffle([7, 0, 5, 2]);
      f.storeAt(160, 'v128.store');
    })();
    expect([...floats.slice(40, 44)]).toEqual([7, 0, 5, 2]);
  });
});
