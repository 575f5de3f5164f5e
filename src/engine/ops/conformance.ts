import type { Backend, DeviceBuffer } from '../backends/backend.ts';
import { ProgramBuilder } from '../ir/builder.ts';
import { emptyArray, sizeOf } from '../ir/shape.ts';
import type { OpAttributes, OpName, TypedArray } from '../ir/types.ts';
import { philoxUniforms } from '../kernels/philox.ts';
import type { HostTensor, OpSample } from './defineOp.ts';
import { allOps, opDefinition } from './registry.ts';

export interface OpCheck {
  readonly op: string;
  readonly sample: number;
  /** Largest |given − expected| ÷ (atol + rtol·|expected|): at most 1 is good. */
  readonly worst: number;
  readonly ok: boolean;
  readonly message?: string;
}

/** Runs the samples of all ops on a backend and compares with their references. */
export async function checkOps(
  backend: Backend,
  options: { readonly rtol: number; readonly atol: number; readonly filter?: (op: string) => boolean },
): Promise<OpCheck[]> {
  const checks: OpCheck[] = [];
  for (const definition of allOps()) {
    if (options.filter && !options.filter(definition.name)) continue;
    for (const [number, sample] of definition.samples.entries()) {
      const inputs = drawInputs(sample, number);
      const expected = definition.reference(inputs, sample.attributes);
      try {
        const given = await runOp(backend, definition.name, inputs, sample.attributes);
        const worst = Math.max(...expected.map((each, k) => distance(given[k] as TypedArray, each, options)));
        checks.push({ op: definition.name, sample: number, worst, ok: worst <= 1 });
      } catch (error) {
        const message = (error as Error).message;
        checks.push({ op: definition.name, sample: number, worst: Number.POSITIVE_INFINITY, ok: false, message });
      }
    }
  }
  return checks;
}

/** Inputs of a sample, the same at each call. */
export function drawInputs(sample: OpSample<OpName>, seed: number): HostTensor[] {
  return sample.inputs.map((type, i) => {
    const size = sizeOf(type.shape);
    const draw = sample.draw?.[i] ?? 'normal';
    const uniforms = philoxUniforms(2 * size, 1000 + seed, i, 0);
    const data = emptyArray(type);
    for (let k = 0; k < size; k++) {
      const u = uniforms[2 * k] as number;
      const v = uniforms[2 * k + 1] as number;
      if (typeof draw === 'object') data[k] = Math.floor(u * draw.ids);
      else if (draw === 'unit') data[k] = 0.05 + 0.9 * u;
      else if (draw === 'positive') data[k] = 0.5 + 1.5 * u;
      else data[k] = Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
    }
    if (draw === 'spread') spreadOut(data as Float32Array, i);
    return { type, data };
  });
}

/** Values at least 0.2 apart, none within 0.05 of 0, in the order that their sizes had; inputs differ by 0.1. */
function spreadOut(data: Float32Array, input: number): void {
  const order = [...data.keys()].sort((a, b) => (data[a] as number) - (data[b] as number));
  for (const [rank, at] of order.entries())
    data[at] = 0.2 * (rank - Math.floor(order.length / 2)) + 0.07 + 0.1 * (input % 2);
}

/** One op as a program of its own. */
export async function runOp<Name extends OpName>(
  backend: Backend,
  name: Name,
  inputs: readonly HostTensor[],
  attributes: OpAttributes[Name],
): Promise<TypedArray[]> {
  const builder = new ProgramBuilder(opDefinition);
  const buffers: Record<string, DeviceBuffer> = {};
  const values = inputs.map(({ type, data }, i) => {
    buffers[`in${i}`] = backend.allocate(type, data);
    return builder.input(`in${i}`, type);
  });
  const results = builder.ops(name, values, attributes);
  for (const [k, value] of results.entries()) {
    builder.output(`out${k}`, value);
    buffers[`out${k}`] = backend.allocate(value.type);
  }
  const executable = backend.compile(builder.build());
  await executable.ready;
  const plan = executable.bind(buffers);
  plan.run();
  const given = await Promise.all(results.map((_, k) => backend.read(buffers[`out${k}`] as DeviceBuffer)));
  plan.dispose();
  for (const buffer of Object.values(buffers)) backend.release(buffer);
  return given;
}

function distance(given: TypedArray, expected: TypedArray, { rtol, atol }: { rtol: number; atol: number }): number {
  if (given.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [given[i] as number, expected[i] as number];
    if (Object.is(a, b) || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const error = Math.abs(a - b) / (atol + rtol * Math.abs(b));
    worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }
  return worst;
}
