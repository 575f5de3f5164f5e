import { expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { ProgramBuilder } from '../ir/builder.ts';
import { opDefinition } from '../ops/registry.ts';
import { type ElementType, roundToType, type ShortFloat, shortFloat } from './elementTypes.ts';
import { FoldingEmitter } from './foldingEmitter.ts';
import { roundToShort } from './shortFloats.ts';

const types: readonly ElementType[] = ['float16', 'bfloat16', 'float8e4m3fn', 'float8e5m2', 'float4e2m1'];

it.each(types)('%s is rounded on a device as on the host', async (name) => {
  const short = shortFloat(name) as ShortFloat;
  const backend = await createWasmBackend();
  const builder = new ProgramBuilder(opDefinition);
  const emit = new FoldingEmitter(builder);
  // All sizes from the smallest step to beyond the largest number, ties among them.
  const numbers = Float32Array.from({ length: 1000 }, (_, i) => {
    const exponent = Math.max(-90, short.least - 3) + (i % 200) * 0.1;
    return (
      (i % 2 === 0 ? 1 : -1) * (i % 7 === 0 ? Math.round(2 ** exponent * 16) / 16 : 2 ** exponent * (1 + i / 1000))
    );
  });
  const x = builder.input('x', { shape: [numbers.length], dtype: 'f32' });
  builder.output('y', roundToShort(emit, x, short, false));
  const executable = backend.compile(builder.build());
  await executable.ready;
  const buffers = { x: backend.allocate(x.type, numbers), y: backend.allocate(x.type) };
  const constants = Object.fromEntries(
    [...emit.constants].map(([key, data]) => [key, backend.allocate({ shape: [], dtype: 'f32' }, data)]),
  );
  const plan = executable.bind({ ...buffers, ...constants });
  plan.run();
  const given = await backend.read(buffers.y);
  backend.dispose();
  // The sign of a zero aside.
  expect(Array.from(given, (each) => each + 0)).toEqual(Array.from(numbers, (each) => roundToType(each, name) + 0));
});
