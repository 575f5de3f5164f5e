import { gunzipSync } from 'node:zlib';
import type { Backend } from '../../engine/backends/backend.ts';
import { EngineError } from '../../engine/errors.ts';
import { formatShape, sameShape } from '../../engine/ir/shape.ts';
import { type GivenInput, importOnnxModel } from '../../engine/onnx/importModel.ts';
import type { OnnxTensor } from '../../engine/onnx/model.ts';
import { readOnnxModel } from '../../engine/onnx/readModel.ts';
import { readTensor } from '../../engine/onnx/readTensor.ts';
import { type OnnxNumbers, runOnnxModel } from '../../engine/onnx/runModel.ts';
import { WireReader } from '../../engine/onnx/wire.ts';
import type { Verdict } from './suite.ts';

/** First byte and length of a tensor among the blobs, or what it is instead of a tensor. */
type Stored = readonly [number, number] | string;

/** One of ONNX's own tests of its operators. */
export interface OnnxCase {
  readonly name: string;
  readonly op: string;
  /** One node of ONNX's own domain on float32 tensors alone. */
  readonly core: boolean;
  /** Whether ONNX Runtime passes it. */
  readonly onnxruntime: boolean;
  readonly model: readonly [number, number];
  readonly inputs: readonly Stored[];
  readonly outputs: readonly Stored[];
}

export interface OnnxFixtures {
  readonly onnx: string;
  readonly onnxruntime: string;
  readonly cases: readonly OnnxCase[];
  readonly blobs: Uint8Array;
}

/** ONNX's own: https://github.com/onnx/onnx/blob/main/onnx/backend/test/case/test_case.py */
const RTOL = 1e-3;
const ATOL = 1e-7;

/**
 * Cases whose expected number is itself off by more than the tolerance: NumPy's float32 transform gives 1.9e-7 where the
 * exact value is 0, and atol is 1e-7. ONNX Runtime does not pass them either. They are counted as unsupported.
 */
const NOISY: ReadonlySet<string> = new Set(['test_dft_inverse', 'test_dft_inverse_opset19']);

/** Reads what conformance/onnx/make_fixtures.py wrote. */
export function readOnnxFixtures(file: Uint8Array): OnnxFixtures {
  const content = gunzipSync(file);
  const length = new DataView(content.buffer, content.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(content.subarray(4, 4 + length))) as Omit<OnnxFixtures, 'blobs'>;
  return { ...header, blobs: content.subarray(4 + length) };
}

/** Imports one case, runs it on a device and compares. */
export async function verifyOnnxCase(backend: Backend, { blobs }: OnnxFixtures, test: OnnxCase): Promise<Verdict> {
  let running = false;
  try {
    const model = readOnnxModel(piece(blobs, test.model));
    const stored = new Set(model.graph.initializers.map(({ name }) => name));
    const names = model.graph.inputs.map(({ name }) => name).filter((name) => !stored.has(name));
    const inputs: Record<string, OnnxNumbers & GivenInput> = {};
    for (const [i, each] of test.inputs.entries()) inputs[names[i] as string] = tensorFrom(blobs, each);
    const expected = test.outputs.map((each) => tensorFrom(blobs, each));
    const imported = importOnnxModel(model, inputs);
    running = true;
    const given = await runOnnxModel(backend, imported, inputs);
    if (NOISY.has(test.name)) {
      return { verdict: 'unsupported', reason: 'the expected number is rounding noise above the tolerance' };
    }
    const problems = expected.flatMap((wanted, k) => difference(given[k] as OnnxNumbers, wanted, `output ${k}`));
    if (problems.length > 0) return { verdict: 'failed', reason: problems.join('; ') };
    return { verdict: 'passed', kernelFree: imported.program.outputs.length === 0 };
  } catch (error) {
    // A device that refuses what was imported is a failure: `run` says unsupported for no model.
    const refused =
      error instanceof EngineError && (error.id === 'not-exact' || (error.id === 'unsupported' && !running));
    if (refused) {
      return { verdict: 'unsupported', reason: error.message };
    }
    return { verdict: 'failed', reason: (error as Error).message };
  }
}

function tensorFrom(blobs: Uint8Array, stored: Stored): OnnxNumbers {
  if (typeof stored === 'string') throw new EngineError('unsupported', `a value that is no tensor: ${stored}`);
  const tensor: OnnxTensor = readTensor(new WireReader(piece(blobs, stored as readonly [number, number])));
  if (!tensor.numbers) throw new EngineError('unsupported', tensor.problem as string);
  return {
    elementType: tensor.elementType as OnnxNumbers['elementType'],
    shape: tensor.shape,
    numbers: tensor.numbers,
  };
}

function piece(blobs: Uint8Array, [at, length]: readonly [number, number]): Uint8Array {
  return blobs.subarray(at, at + length);
}

function difference(given: OnnxNumbers, wanted: OnnxNumbers, what: string): string[] {
  if (given.elementType !== wanted.elementType)
    return [`${what} is ${given.elementType}, expected ${wanted.elementType}`];
  if (!sameShape(given.shape, wanted.shape)) {
    return [`${what} is ${formatShape(given.shape)}, expected ${formatShape(wanted.shape)}`];
  }
  let worst = 1;
  let message: string | undefined;
  for (let i = 0; i < wanted.numbers.length; i++) {
    const [a, b] = [given.numbers[i] as number, wanted.numbers[i] as number];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const distance = Math.abs(a - b) / (ATOL + RTOL * Math.abs(b));
    if (distance <= worst) continue;
    worst = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
    message = `element ${i} of ${what} is ${a}, expected ${b}`;
  }
  return message === undefined ? [] : [message];
}
