import { describe, expect, it } from 'vitest';
import fixtures from '../../../../conformance/losses/fixtures.json' with { type: 'json' };
import { gradients } from '../../autograd/gradients.ts';
import type { ParameterValue } from '../../graph/document.ts';
import { ProgramBuilder } from '../../ir/builder.ts';
import type { TypedArray, Value } from '../../ir/types.ts';
import type { HostTensor } from '../../ops/defineOp.ts';
import { opDefinition } from '../../ops/registry.ts';
import { lossTarget } from '../lossTarget.ts';
import { completeParameters, parameterProblem } from '../parameters.ts';
import { allLayers, findLayer } from '../registry.ts';

const BATCH = fixtures.batch;

const none = (): never => {
  throw new Error('a loss draws no random numbers and keeps no statistics');
};

/** The numbers of every value of a program, by the reference of each op. */
function compute(builder: ProgramBuilder, data: Map<Value, TypedArray>): (wanted: Value) => TypedArray {
  const known = new Map([...data].map(([value, array]) => [value.id, array]));
  for (const { op, inputs, outputs, attributes } of builder.operations) {
    const tensors = inputs.map(({ id, type }): HostTensor => ({ type, data: known.get(id)! }));
    const results = opDefinition(op).reference(tensors, attributes);
    outputs.forEach(({ id }, i) => {
      known.set(id, results[i]!);
    });
  }
  return ({ id }) => known.get(id)!;
}

function expectClose(ours: TypedArray, theirs: readonly number[], what: string): void {
  expect(ours.length, what).toBe(theirs.length);
  theirs.forEach((value, i) => {
    expect(Math.abs(ours[i]! - value), `${what}[${i}]: ${ours[i]} and ${value}`).toBeLessThanOrEqual(
      1e-6 + 1e-5 * Math.abs(value),
    );
  });
}

describe("losses give PyTorch's values and gradients", () => {
  fixtures.cases.forEach((fixture, number) => {
    it(`${fixture.layer} ${JSON.stringify(fixture.parameters)} (${number})`, () => {
      const layer = findLayer(fixture.layer)!;
      const given: Record<string, ParameterValue> = {};
      for (const [name, value] of Object.entries(fixture.parameters)) {
        if (value === undefined) continue;
        expect(parameterProblem(layer.parameters[name]!, value), name).toBeUndefined();
        given[name] = value;
      }
      const parameters = completeParameters(layer.parameters, given);
      layer.infer(fixture.shapes, parameters, fixture);
      const builder = new ProgramBuilder(opDefinition);
      const data = new Map<Value, TypedArray>();
      const inputs = fixture.inputs.map((numbers, i) => {
        const value = builder.input(`x${i}`, { shape: [BATCH, ...fixture.shapes[i]!], dtype: 'f32' });
        data.set(value, Float32Array.from(numbers));
        return value;
      });
      const label = builder.input('labels', { shape: [BATCH, ...fixture.label], dtype: 'i32' });
      const samples = builder.input('samples', { shape: [BATCH, ...fixture.sample], dtype: 'f32' });
      data.set(label, Int32Array.from(fixture.labels));
      data.set(samples, Float32Array.from(fixture.samples));
      const [loss] = layer.lower({
        ports: layer.inputs.map(({ name }) => name),
        emit: builder,
        inputs,
        parameters,
        weights: {},
        mode: 'train',
        target: { label, input: samples, none: undefined }[lossTarget(layer, parameters)],
        update: none,
        random: none,
      });
      const found = gradients(builder, builder.operations, loss!, inputs);
      const numbers = compute(builder, data);
      expectClose(numbers(loss!), [fixture.loss], 'loss');
      fixture.gradients.forEach((theirs, i) => {
        expectClose(numbers(found[i]!), theirs, `gradient ${i}`);
      });
    });
  });

  it('each of them, with each of its parameters', () => {
    const losses = allLayers().filter(({ role }) => role === 'loss');
    for (const { type, parameters } of losses) {
      const cases = fixtures.cases.filter(({ layer }) => layer === type);
      expect(cases.length, type).toBeGreaterThan(0);
      const tried = new Set(cases.flatMap((each) => Object.keys(each.parameters)));
      // lossWeight is none of the loss's own: the sum over all losses has it.
      const missing = Object.keys(parameters).filter((name) => name !== 'lossWeight' && !tried.has(name));
      expect(missing, type).toEqual([]);
    }
  });
});
