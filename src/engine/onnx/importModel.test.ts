import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOnnxFixtures } from '../../cli/verify/onnxSuite.ts';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { EngineError } from '../errors.ts';
import { importOnnxModel } from './importModel.ts';
import { readOnnxModel } from './readModel.ts';
import { runOnnxModel } from './runModel.ts';
import {
  attribute,
  bytes,
  type Field,
  floatTensor,
  integer,
  message,
  model,
  node,
  text,
  valueInfo,
} from './testWriter.ts';

const input = valueInfo(11, 'x', [2, 3]);
const output = valueInfo(12, 'y', [2, 3]);
const load = (file: Uint8Array) => importOnnxModel(readOnnxModel(file));
const float32 = (shape: readonly number[], numbers: readonly number[]) => ({
  elementType: 'float32' as const,
  shape,
  numbers,
});

/** Whatever a file holds, what comes of it is a model or an error that says what is wrong with it. */
function survives(file: Uint8Array): void {
  try {
    load(file);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    expect(error.message.length).toBeGreaterThan(10);
  }
}

describe('an ONNX model', () => {
  it('becomes a program that computes the same', async () => {
    const imported = load(
      model(
        input,
        output,
        floatTensor(5, 'w', [3], [1, -2, 3]),
        node('Mul', ['x', 'w'], ['product']),
        node('Relu', ['product'], ['y']),
      ),
    );
    const [y] = await runOnnxModel(createReferenceBackend(), imported, { x: float32([2, 3], [1, 2, 3, -1, -2, -3]) });
    expect(y).toMatchObject({ elementType: 'float32', shape: [2, 3] });
    expect([...(y!.numbers as Float64Array)]).toEqual([1, 0, 9, 0, 4, 0]);
  });

  it('computes shapes while it is imported', () => {
    const shape = [
      node('Shape', ['x'], ['sizes']),
      node('ReduceProd', ['sizes'], ['size']),
      node('Reshape', ['x', 'size'], ['y']),
    ];
    const imported = load(model(input, valueInfo(12, 'y', [6]), ...shape));
    expect(imported.outputs[0]?.shape).toEqual([6]);
    expect(imported.program.operations.map(({ op }) => op)).toEqual(['reshape']);
  });

  it('asks for inputs that decide about shapes, and is made for those given', () => {
    const file = model(input, valueInfo(11, 'shape', [1], 7), output, node('Reshape', ['x', 'shape'], ['y']));
    expect(() => load(file)).toThrow('its input "shape"');
    const given = { shape: { elementType: 'int64', shape: [1], numbers: [-1] } } as const;
    const imported = importOnnxModel(readOnnxModel(file), given);
    expect(imported.fixed).toEqual(['shape']);
    expect(imported.outputs[0]?.shape).toEqual([6]);
  });

  it('refuses integers that float32 would round, before and after it runs', async () => {
    const integers = (field: number, name: string) => valueInfo(field, name, [1], 7);
    const imported = load(
      model(integers(11, 'a'), integers(11, 'b'), integers(12, 'y'), node('Mul', ['a', 'b'], ['y'])),
    );
    const run = (a: number, b: number) =>
      runOnnxModel(createReferenceBackend(), imported, {
        a: { elementType: 'int64', shape: [1], numbers: [a] },
        b: { elementType: 'int64', shape: [1], numbers: [b] },
      });
    expect([...((await run(4095, 4096))[0]!.numbers as Float64Array)]).toEqual([4095 * 4096]);
    await expect(run(2 ** 25, 1)).rejects.toMatchObject({ id: 'not-exact' });
    await expect(run(5000, 5000)).rejects.toMatchObject({ id: 'not-exact' });
  });
});

const nested = (depth: number): Field =>
  depth === 0 ? text(2, 'inner') : node('If', ['x'], ['y'], attribute('then_branch', message(6, nested(depth - 1))));

describe('a file that is wrong', () => {
  const wrong: [string, Uint8Array, string, string][] = [
    ['is empty', new Uint8Array(), 'bad-data', 'has no graph'],
    ['is text', new TextEncoder().encode('<!doctype html><title>404</title>'), 'bad-data', 'this is no ONNX file'],
    ['has a length beyond its end', Uint8Array.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1]), 'bad-data', 'length'],
    ['has a number that never ends', new Uint8Array(20).fill(0xff), 'bad-data', 'ten bytes'],
    ['has a wrong wire type', Uint8Array.from([0x38, 1]), 'bad-data', 'wire type 0 instead of 2'],
    [
      'reads in a circle',
      model(input, output, node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b'])),
      'bad-data',
      'cycle',
    ],
    ['lacks a weight', model(input, output, node('Mul', ['x', 'weight'], ['y'])), 'bad-data', '"weight"'],
    ['gives no output', model(input, output, node('Relu', ['x'], ['z'])), 'bad-data', 'nothing gives the output "y"'],
    ['has an unknown operator', model(input, output, node('Frobnicate', ['x'], ['y'])), 'unsupported', 'Frobnicate'],
    [
      'has a huge shape',
      model(valueInfo(11, 'x', [2 ** 40, 2 ** 40]), output, node('Relu', ['x'], ['y'])),
      'out-of-memory',
      'too large',
    ],
    [
      'asks for huge constants',
      model(input, output, floatTensor(5, 'n', [2], [2 ** 20, 2 ** 20]), node('ConstantOfShape', ['n'], ['y'])),
      'out-of-memory',
      'elements',
    ],
    [
      'has a weight that is cut off',
      model(input, output, message(5, integer(1, 4), integer(2, 1), bytes(9, [0, 0]))),
      'bad-data',
      'needs 16 bytes',
    ],
    [
      'has weights elsewhere',
      model(input, output, message(5, integer(1, 4), integer(2, 1), text(8, 'w'), integer(14, 1))),
      'unsupported',
      'another file',
    ],
    [
      'has text as numbers',
      model(input, output, message(5, integer(1, 1), integer(2, 8), text(8, 'w'))),
      'unsupported',
      'type string',
    ],
    ['nests without end', model(input, output, nested(40)), 'bad-data', 'depth'],
    [
      'does not broadcast',
      model(input, output, floatTensor(5, 'w', [2], [1, 2]), node('Mul', ['x', 'w'], ['y'])),
      'shape-mismatch',
      'broadcast',
    ],
  ];

  it.each(wrong)('%s', (_, file, id, words) => {
    let found: unknown;
    try {
      load(file);
    } catch (error) {
      found = error;
    }
    expect(found).toMatchObject({ id, message: expect.stringContaining(words) });
  });

  const { cases, blobs } = readOnnxFixtures(
    readFileSync(fileURLToPath(new URL('../../../conformance/onnx/fixtures.bin.gz', import.meta.url))),
  );
  const files = cases
    .map(({ model: [at, length] }) => blobs.slice(at, at + length))
    .filter(({ length }) => length < 3000);

  it('may be cut off anywhere', () => {
    for (const file of files.filter((_, i) => i % 97 === 0)) {
      for (let length = 0; length < file.length; length++) survives(file.subarray(0, length));
    }
  });

  it('may have any bytes changed', () => {
    const change = fc.record({
      file: fc.nat(files.length - 1),
      changes: fc.array(fc.record({ at: fc.nat(3000), value: fc.nat(255) }), { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(change, ({ file, changes }) => {
        const changed = (files[file] as Uint8Array).slice();
        for (const { at, value } of changes) changed[at % changed.length] = value;
        survives(changed);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});
