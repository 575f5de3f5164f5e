import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNpy } from './npy.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const tensors = [
  { name: 'a.weight', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, -0, 1e-40) },
  { name: 'scalar', shape: [], data: Float32Array.of(Number.NaN) },
  { name: 'empty', shape: [0, 4], data: new Float32Array(0) },
];

/** What `numpy.save` writes: magic, version, padded header, data. */
function npy(header: string, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(header.padEnd(118, ' '));
  return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, text.length, 0, ...text, ...data]);
}

describe('safetensors', () => {
  it('gives back what was written', () => {
    expect(readSafetensors(writeSafetensors(tensors), 'w.safetensors')).toEqual(tensors);
  });

  it('never does anything but read or refuse by name', () => {
    const good = writeSafetensors(tensors);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(good.length),
        (edits, cut) => {
          const bytes = good.slice(0, cut);
          for (const [at, value] of edits) if (at < cut) bytes[at] = value;
          try {
            readSafetensors(bytes, 'w.safetensors');
          } catch (error) {
            expect(error).toMatchObject({ name: 'EngineError', id: 'bad-data' });
            expect((error as Error).message).toContain('w.safetensors');
          }
        },
      ),
    );
  });
});

describe('npy', () => {
  it('reads integers of 64 bits', () => {
    const data = new Uint8Array(BigInt64Array.of(3n, -1n, 7n, 0n).buffer);
    const { shape, data: values } = readNpy(
      npy("{'descr': '<i8', 'fortran_order': False, 'shape': (2, 2), }", data),
      'b.npy',
    );
    expect([shape, [...values]]).toEqual([
      [2, 2],
      [3, -1, 7, 0],
    ]);
  });

  it.each([
    ["{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }", /needs 24 bytes/],
    ["{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", /type is "\|O"/],
    ["{'descr': '<i8', 'fortran_order': True, 'shape': (1,), }", /Fortran/],
    ["{'descr': '<i8', 'fortran_order': False, 'shape': (-1,), }", /shape is \(-1,\)/],
  ])('refuses %s', (header, message) => {
    expect(() => readNpy(npy(header, new Uint8Array(8)), 'b.npy')).toThrow(message);
  });
});
