import { expect, it } from 'vitest';
import { opDefinition } from '../ops/registry.ts';
import { ProgramBuilder } from './builder.ts';

it('records equal operations once, and those of numbers that JSON writes alike apart', () => {
  const builder = new ProgramBuilder(opDefinition);
  const numbers = [0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const first = numbers.map((value) => builder.fill([2], value));
  expect(new Set(first).size).toBe(numbers.length);
  expect(numbers.map((value) => builder.fill([2], value))).toEqual(first);
  expect(builder.operations).toHaveLength(numbers.length);
});

it('refuses a tensor that no device holds, and says of which layer', () => {
  const builder = new ProgramBuilder(opDefinition);
  const x = builder.input('x', { shape: [40_000, 1], dtype: 'f32' });
  const y = builder.input('y', { shape: [1, 40_000], dtype: 'f32' });
  expect(() => builder.from('n3', () => builder.op('add', [x, y]))).toThrow(
    expect.objectContaining({
      id: 'out-of-memory',
      where: 'n3',
      message:
        'add(40000×1, 1×40000) would give 40000×40000, 1.6e+9 numbers: at most 1e+9 are possible. Use a smaller batch or smaller layers.',
    }),
  );
});
