import { gradients } from '../../engine/autograd/gradients.ts';
import type { Backend, DeviceBuffer } from '../../engine/backends/backend.ts';
import { ProgramBuilder } from '../../engine/ir/builder.ts';
import { emptyArray, sizeOf } from '../../engine/ir/shape.ts';
import type { TensorType, TypedArray, Value } from '../../engine/ir/types.ts';
import { opDefinition } from '../../engine/ops/registry.ts';
import { type Argument, CaseArguments } from './caseArguments.ts';
import { readFixtureFile } from './fixtureFile.ts';
import { torchFunctions } from './opsTable.ts';
import { toleranceOf } from './tolerances.ts';
import { Unsupported } from './unsupported.ts';

interface StoredTensor {
  readonly shape: readonly number[];
  /** Index of the first number in the blob. */
  readonly at: number;
  /** Floating point, integer or boolean. */
  readonly kind: 'f' | 'i' | 'b';
}

type StoredArgument =
  | number
  | boolean
  | string
  | null
  | { readonly tensor: StoredTensor }
  | { readonly number: string }
  | readonly StoredArgument[];

/** One call of one of PyTorch's functions, with what it gave. */
export interface OpCase {
  readonly op: string;
  readonly args: readonly StoredArgument[];
  readonly kwargs?: Readonly<Record<string, StoredArgument>>;
  readonly outputs: readonly StoredTensor[];
  /** Of Σ outputs · cos(0, 1, 2, …) by the tensor with number `of` among the arguments. */
  readonly gradients?: readonly (StoredTensor & { readonly of: number })[];
}

export interface OpFixtures {
  readonly torch: string;
  readonly cases: readonly OpCase[];
  readonly numbers: Float64Array;
}

export type OpVerdict =
  | { readonly verdict: 'passed'; readonly worst: number }
  | { readonly verdict: 'unsupported'; readonly reason: string }
  | { readonly verdict: 'failed'; readonly reason: string };

/** Reads what conformance/ops/make_fixtures.py wrote. */
export function readOpFixtures(file: Uint8Array): OpFixtures {
  const { header, numbers } = readFixtureFile<Omit<OpFixtures, 'numbers'>>(file);
  return { ...header, numbers: new Float64Array(numbers) };
}

/** Runs one case on a device, forward and backward, and holds it against PyTorch. */
export async function verifyOpCase(backend: Backend, fixtures: OpFixtures, test: OpCase): Promise<OpVerdict> {
  const translate = torchFunctions[test.op];
  if (!translate) return { verdict: 'unsupported', reason: `there is no op for ${test.op}` };
  const builder = new ProgramBuilder(opDefinition);
  const tensors: { value: Value; data: TypedArray }[] = [];
  const argument = (stored: StoredArgument): Argument => {
    if (Array.isArray(stored)) return stored.map(argument);
    if (typeof stored !== 'object' || stored === null) return stored as Argument;
    if ('number' in stored)
      return Number(stored.number === 'inf' ? 'Infinity' : stored.number.replace('inf', 'Infinity'));
    const { tensor } = stored as { tensor: StoredTensor };
    const type: TensorType = { shape: tensor.shape, dtype: tensor.kind === 'i' ? 'i32' : 'f32' };
    const data = emptyArray(type);
    data.set(fixtures.numbers.subarray(tensor.at, tensor.at + data.length));
    const value = builder.input(`in${tensors.length}`, type);
    tensors.push({ value, data });
    return value;
  };
  const places = test.args.map(argument);
  const names = Object.fromEntries(Object.entries(test.kwargs ?? {}).map(([name, each]) => [name, argument(each)]));
  try {
    const made = translate(builder, new CaseArguments(builder, places, names));
    const outputs = Array.isArray(made) ? (made as readonly Value[]) : [made as Value];
    const wanted = (test.gradients ?? []).map(({ of }) => (tensors[of] as { value: Value }).value);
    const found = wanted.length > 0 ? gradients(builder, builder.operations, directed(builder, outputs), wanted) : [];
    const results = [...outputs, ...found.flatMap((each) => each ?? [])];
    const data = await run(backend, builder, tensors, results);
    const problems: string[] = [];
    let worst = 0;
    const compare = (what: string, ours: TypedArray | undefined, stored: StoredTensor): void => {
      const distance = worstDistance(ours, fixtures.numbers, stored, toleranceOf(test.op, backend.name));
      worst = Math.max(worst, distance.ratio);
      if (distance.ratio > 1) problems.push(`${what}: ${distance.message}`);
    };
    if (outputs.length !== test.outputs.length) problems.push(`${outputs.length} outputs, not ${test.outputs.length}`);
    else for (const [k, stored] of test.outputs.entries()) compare(`output ${k}`, data[k], stored);
    let at = outputs.length;
    for (const [k, stored] of (test.gradients ?? []).entries()) {
      compare(`gradient ${k}`, found[k] ? data[at++] : undefined, stored);
    }
    if (problems.length > 0) return { verdict: 'failed', reason: problems.join('; ') };
    return { verdict: 'passed', worst };
  } catch (error) {
    if (error instanceof Unsupported) return { verdict: 'unsupported', reason: error.message };
    return { verdict: 'failed', reason: (error as Error).message };
  }
}

/** Σ outputs · cos(0, 1, 2, …), the number whose gradient the fixtures have. */
function directed(builder: ProgramBuilder, outputs: readonly Value[]): Value {
  const terms = outputs
    .filter(({ type }) => type.dtype === 'f32')
    .map((output, k) => {
      const { shape } = output.type;
      const direction = builder.input(`direction${k}`, { shape, dtype: 'f32' });
      const axes = shape.map((_, axis) => axis);
      return builder.op('sum', [builder.op('multiply', [output, direction])], { axes, keepDims: false });
    });
  return terms.reduce((sum, term) => builder.op('add', [sum, term]));
}

async function run(
  backend: Backend,
  builder: ProgramBuilder,
  tensors: readonly { value: Value; data: TypedArray }[],
  results: readonly Value[],
): Promise<TypedArray[]> {
  const buffers: Record<string, DeviceBuffer> = {};
  for (const { name, value } of builder.inputs) {
    const given = tensors.find((tensor) => tensor.value === value);
    const data = given?.data ?? Float32Array.from({ length: sizeOf(value.type.shape) }, (_, i) => Math.cos(i));
    buffers[name] = backend.allocate(value.type, data);
  }
  for (const [k, value] of results.entries()) {
    builder.output(`out${k}`, value);
    buffers[`out${k}`] = backend.allocate(value.type);
  }
  const executable = backend.compile(builder.build());
  await executable.ready;
  const plan = executable.bind(buffers);
  plan.run();
  const data = await Promise.all(results.map((_, k) => backend.read(buffers[`out${k}`] as DeviceBuffer)));
  plan.dispose();
  for (const buffer of Object.values(buffers)) backend.release(buffer);
  return data;
}

/** The largest |ours − theirs| ÷ (atol + rtol·|theirs|), and where it is. No gradient is a gradient of zeros. */
function worstDistance(
  ours: TypedArray | undefined,
  numbers: Float64Array,
  { shape, at }: StoredTensor,
  { rtol, atol }: { readonly rtol: number; readonly atol: number },
): { ratio: number; message: string } {
  const size = sizeOf(shape);
  if (ours && ours.length !== size)
    return { ratio: Number.POSITIVE_INFINITY, message: `${ours.length} numbers, not ${size}` };
  let ratio = 0;
  let message = '';
  for (let i = 0; i < size; i++) {
    const [a, b] = [ours ? (ours[i] as number) : 0, numbers[at + i] as number];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const distance = Math.abs(a - b) / (atol + rtol * Math.abs(b));
    if (distance <= ratio) continue;
    ratio = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
    message = `element ${i} is ${a}, expected ${b}`;
  }
  return { ratio, message };
}
