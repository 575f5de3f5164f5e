import { describe, expect, it } from 'vitest';
import fixtures from '../../../conformance/layers/fixtures.json' with { type: 'json' };
import type { ParameterValue } from '../graph/document.ts';
import { ProgramBuilder } from '../ir/builder.ts';
import type { Shape, TypedArray, Value } from '../ir/types.ts';
import type { HostTensor } from '../ops/defineOp.ts';
import { opDefinition } from '../ops/registry.ts';
import type { LayerDefinition } from './defineLayer.ts';
import { completeParameters, parameterProblem } from './parameters.ts';
import { portsOf } from './ports.ts';
import { allLayers, findLayer } from './registry.ts';

const BATCH = fixtures.batch;

/** A program with numbers for its inputs, computed by the reference of each op. */
class Bench {
  readonly builder = new ProgramBuilder(opDefinition);
  readonly #data = new Map<number, TypedArray>();

  input(name: string, shape: Shape, data: readonly number[], dtype: 'f32' | 'i32' = 'f32'): Value {
    const value = this.builder.input(name, { shape, dtype });
    this.#data.set(value.id, dtype === 'f32' ? Float32Array.from(data) : Int32Array.from(data));
    return value;
  }

  compute(wanted: Value): TypedArray {
    for (const { op, inputs, outputs, attributes } of this.builder.operations) {
      if (this.#data.has(outputs[0]!.id)) continue;
      const tensors = inputs.map(({ id, type }): HostTensor => ({ type, data: this.#data.get(id)! }));
      const results = opDefinition(op).reference(tensors, attributes);
      outputs.forEach(({ id }, i) => {
        this.#data.set(id, results[i]!);
      });
    }
    return this.#data.get(wanted.id)!;
  }
}

/** Absolute and relative tolerance of torch.testing.assert_close for float32, with room for other summation orders. */
function expectClose(ours: TypedArray, theirs: readonly number[], what: string): void {
  expect(ours.length, what).toBe(theirs.length);
  theirs.forEach((value, i) => {
    expect(Math.abs(ours[i]! - value), `${what}[${i}]: ${ours[i]} and ${value}`).toBeLessThanOrEqual(
      1e-5 + 1e-5 * Math.abs(value),
    );
  });
}

/** The fixture's parameters, checked: a misspelt one would test the default. */
function parametersOf(layer: LayerDefinition, given: object) {
  const values: Record<string, ParameterValue> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    expect(parameterProblem(layer.parameters[name]!, value), name).toBeUndefined();
    values[name] = value;
  }
  return completeParameters(layer.parameters, values);
}

describe("layers give PyTorch's numbers", () => {
  fixtures.layers.forEach((fixture, number) => {
    it(`${fixture.layer} ${JSON.stringify(fixture.parameters)} (${number})`, () => {
      const layer = findLayer(fixture.layer)!;
      const parameters = parametersOf(layer, fixture.parameters);
      const data = { sample: fixture.shapes[0]!, classes: 0 };
      const ports = 'ports' in fixture ? (fixture.ports as string[]) : portsOf(layer.inputs, fixture.shapes.length);
      const { weights } = layer.infer(fixture.shapes, parameters, data, ports);
      const given = new Map(Object.entries(fixture.weights).filter(([, value]) => value !== undefined));
      expect(weights.map(({ name }) => name).sort()).toEqual([...given.keys()].sort());
      for (const mode of ['evaluate', 'train'] as const) {
        const bench = new Bench();
        const updates = new Map<string, Value>();
        const seed = bench.input('seed', [], [1], 'i32');
        const outputs = layer.lower({
          emit: bench.builder,
          inputs: fixture.inputs.map((values, i) =>
            bench.input(`x${i}`, [BATCH, ...fixture.shapes[i]!], values, 'ids' in fixture ? 'i32' : 'f32'),
          ),
          ports,
          parameters,
          weights: Object.fromEntries(
            weights.map(({ name, shape }) => [name, bench.input(name, shape, given.get(name)!)]),
          ),
          mode,
          target: undefined,
          update: (weight, value) => updates.set(weight, value),
          // What is held against PyTorch may stand beside what is drawn.
          random: () => ({ seed, step: seed, stream: 0 }),
        });
        const output = outputs['output' in fixture ? (fixture.output as number) : 0];
        expectClose(bench.compute(output!), fixture[mode], mode);
        if (mode === 'evaluate') continue;
        for (const [name, value] of Object.entries(fixture.after)) {
          expectClose(bench.compute(updates.get(name)!), value, name);
        }
      }
    });
  });

  // losses/losses.test.ts looks after losses.
  it('are held against it for every layer that computes something', () => {
    const held = new Set(fixtures.layers.map(({ layer }) => layer));
    const missing = allLayers().filter(({ type, role }) => role !== 'loss' && !held.has(type));
    // Random, or they give back their input.
    expect(missing.map(({ type }) => type).sort()).toEqual([
      'AlphaDropout',
      'BlockInput',
      'BlockOutput',
      'Dropout',
      'Dropout1d',
      'Dropout2d',
      'GaussianNoise',
      'Identity',
      'Input',
      'Noise',
      'StopGradient',
    ]);
  });
});
