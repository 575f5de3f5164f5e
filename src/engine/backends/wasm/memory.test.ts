import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../errors.ts';
import { WasmMemory } from './memory.ts';

describe('the memory of the WebAssembly backend', () => {
  it('hands out zeros at multiples of 256, never twice the same', () => {
    const steps = fc.array(fc.oneof(fc.nat(100_000), fc.constant('free' as const)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (list) => {
        const memory = new WasmMemory();
        const held: { address: number; bytes: number }[] = [];
        for (const step of list) {
          if (step === 'free') {
            const [gone] = held.splice(Math.floor(held.length / 2), 1);
            if (gone) memory.free(gone.address);
            continue;
          }
          const address = memory.allocate(step);
          expect(address % 256).toBe(0);
          expect(address).toBeGreaterThan(0);
          for (const other of held)
            expect(address + step <= other.address || other.address + other.bytes <= address).toBe(true);
          const view = new Uint8Array(memory.memory.buffer, address, step);
          expect(view.every((byte) => byte === 0)).toBe(true);
          view.fill(255);
          held.push({ address, bytes: Math.max(1, step) });
        }
      }),
      { numRuns: 50 },
    );
  });

  it('uses what was freed again, neighbours together', () => {
    const memory = new WasmMemory();
    const parts = Array.from({ length: 8 }, () => memory.allocate(1 << 20));
    const size = memory.memory.buffer.byteLength;
    for (const i of [3, 0, 7, 5, 1, 6, 2, 4]) memory.free(parts[i] as number);
    expect(memory.allocate(8 << 20)).toBe(parts[0]);
    expect(memory.memory.buffer.byteLength).toBe(size);
  });

  it('refuses what no memory can hold before it takes any', () => {
    const memory = new WasmMemory();
    const size = memory.memory.buffer.byteLength;
    expect(() => memory.allocate(5e9)).toThrow(expect.objectContaining({ id: 'out-of-memory' }));
    expect(() => memory.allocate(5e9)).toThrow(EngineError);
    expect(memory.memory.buffer.byteLength).toBe(size);
    expect(memory.allocate(10)).toBe(256);
  });

  it('keeps one scratch area, as large as the largest wishes, with a part for each thread', () => {
    const memory = new WasmMemory(3);
    memory.reserveScratch({ sharedBytes: 1000, ownBytes: 256 });
    const first = memory.scratch;
    memory.reserveScratch({ sharedBytes: 500, ownBytes: 100 });
    expect(memory.scratch).toBe(first);
    memory.reserveScratch({ sharedBytes: 10, ownBytes: 100_000 });
    const { shared, sharedBytes, own, ownBytes } = memory.scratch;
    expect([sharedBytes, ownBytes, own - shared]).toEqual([1000, 100_000, 1000]);
    const other = memory.allocate(1000);
    expect(other + 1000 <= shared || other >= own + 3 * ownBytes).toBe(true);
  });
});
