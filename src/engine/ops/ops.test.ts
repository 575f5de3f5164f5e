import { describe, expect, it } from 'vitest';
import { gradients } from '../autograd/gradients.ts';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { ProgramBuilder } from '../ir/builder.ts';
import { sizeOf } from '../ir/shape.ts';
import type { OpName, Program, TypedArray, Value } from '../ir/types.ts';
import { interpretKernel } from '../kernels/interpret.ts';
import { checkOps, drawInputs } from './conformance.ts';
import type { HostTensor, OpDefinition, OpSample } from './defineOp.ts';
import { allOps, opDefinition } from './registry.ts';

const cases = allOps().flatMap((definition) =>
  definition.samples.map((sample, number) => ({ name: `${definition.name} #${number}`, definition, sample, number })),
);

it('has samples for every op', () => {
  expect(allOps().filter(({ samples }) => samples.length === 0)).toEqual([]);
});

describe.each(cases)('$name', ({ definition, sample, number }) => {
  const inputs = drawInputs(sample, number);
  const types = definition.infer(sample.inputs, sample.attributes);
  const expected = definition.reference(inputs, sample.attributes);

  it('infers the types of what its reference gives', () => {
    expect(expected.map((each) => each.length)).toEqual(types.map(({ shape }) => sizeOf(shape)));
    expect(expected.map(dtypeOf)).toEqual(types.map(({ dtype }) => dtype));
  });

  it('has a kernel that computes what its reference does', () => {
    const lowering = definition.lower(sample.inputs, sample.attributes);
    if (lowering.kind === 'alias') {
      const source = inputs[0]!.data;
      expect(expected).toEqual(lowering.offsets.map((offset, k) => source.slice(offset, offset + expected[k]!.length)));
      return;
    }
    if (lowering.kind === 'pack') {
      for (const [i, offset] of lowering.offsets.entries()) {
        expect(expected[0]!.slice(offset, offset + inputs[i]!.data.length)).toEqual(inputs[i]!.data);
      }
      return;
    }
    const given = interpretKernel(
      lowering,
      inputs.map(({ data }) => data),
    );
    for (const [k, each] of expected.entries()) {
      for (const [i, value] of each.entries()) expect(given[k]![i]).toBeCloseTo(value, 4);
    }
  });
});

const differentiable = cases.filter(
  ({ definition, sample }) =>
    typeof definition.gradient === 'function' &&
    sample.inputs.some(({ dtype }) => dtype === 'f32') &&
    definition.infer(sample.inputs, sample.attributes).some(({ dtype }) => dtype === 'f32'),
);

it.each(differentiable)('$name has the gradient that finite differences show', ({ definition, sample, number }) => {
  checkGradient(definition, sample, drawInputs(sample, number));
});

it('runs all samples as programs on the reference backend', async () => {
  const checks = await checkOps(createReferenceBackend(), { rtol: 0, atol: 1e-12 });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

/**
 * Compares the gradient of Σ r·outputs, r a fixed random direction, with central differences of it. References work in
 * float64 but round results to float32, so steps are large and the rounding is averaged over a long sum.
 */
function checkGradient(definition: OpDefinition, sample: OpSample<OpName>, inputs: readonly HostTensor[]): void {
  const builder = new ProgramBuilder(opDefinition);
  const values = inputs.map(({ type }, i) => builder.input(`in${i}`, type));
  const results = builder.ops(definition.name, values, sample.attributes);
  const directions: TypedArray[] = [];
  const terms: Value[] = [];
  for (const [k, result] of results.entries()) {
    if (result.type.dtype !== 'f32' || definition.auxiliaryOutputs?.includes(k)) continue;
    const [direction] = drawInputs({ inputs: [result.type], attributes: {}, draw: ['positive'] }, 50 + k);
    directions[k] = direction!.data;
    const weighted = builder.op('multiply', [result, builder.input(`direction${k}`, result.type)]);
    const axes = result.type.shape.map((_, axis) => axis);
    terms.push(builder.op('sum', [weighted], { axes, keepDims: false }));
  }
  const scalar = terms.reduce((sum, value) => builder.op('add', [sum, value]));
  const wanted = values.filter(({ type }) => type.dtype === 'f32');
  const found = gradients(builder, builder.operations, scalar, wanted);
  const program = builder.build();
  const given = evaluate(program, [...inputs, ...directions.filter(Boolean).map((data) => ({ data }))]);

  for (const [w, value] of wanted.entries()) {
    const at = values.indexOf(value);
    const gradient = found[w] ? given(found[w]) : new Float32Array(sizeOf(value.type.shape));
    expect(gradient.length).toBe(sizeOf(value.type.shape));
    for (let i = 0; i < gradient.length; i++) {
      const step = 0.005;
      const along = (sign: number): number => {
        const moved = inputs.map((input, k) => (k === at ? { ...input, data: input.data.slice() } : input));
        moved[at]!.data[i] = moved[at]!.data[i]! + sign * step;
        const outputs = definition.reference(moved, sample.attributes);
        let sum = 0;
        for (const [k, direction] of directions.entries()) {
          outputs[k]!.forEach((y: number, j: number) => {
            if (direction) sum += y * direction[j]!;
          });
        }
        return sum;
      };
      // Five-point rule: its error is of the fourth order in the step.
      const slope = (8 * (along(1) - along(-1)) - (along(2) - along(-2))) / (12 * step);
      expect(Math.abs(slope - gradient[i]!), `input ${at}, element ${i}: ${gradient[i]} against ${slope}`).toBeLessThan(
        2e-3 * Math.max(1, Math.abs(slope)),
      );
    }
  }
}

/** Runs a program by references and gives any of its values. */
function evaluate(program: Program, inputs: readonly { readonly data: TypedArray }[]): (value: Value) => TypedArray {
  const tensors = new Map<number, HostTensor>();
  for (const [i, { value }] of program.inputs.entries())
    tensors.set(value.id, { type: value.type, data: inputs[i]!.data });
  for (const { op, inputs: given, outputs, attributes } of program.operations) {
    const results = opDefinition(op).reference(
      given.map(({ id }) => tensors.get(id)!),
      attributes,
    );
    for (const [k, { id, type }] of outputs.entries()) tensors.set(id, { type, data: results[k]! });
  }
  return ({ id }) => tensors.get(id)!.data;
}

function dtypeOf(data: TypedArray): string {
  if (data instanceof Float32Array) return 'f32';
  return data instanceof Int32Array ? 'i32' : 'u8';
}
