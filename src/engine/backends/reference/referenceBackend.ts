import { EngineError } from '../../errors.ts';
import { byteLengthOf, emptyArray, formatShape, sameShape } from '../../ir/shape.ts';
import type { Operation, Program, TensorType, TypedArray } from '../../ir/types.ts';
import type { HostTensor } from '../../ops/defineOp.ts';
import { opDefinition } from '../../ops/registry.ts';
import type { Backend, DeviceBuffer, Executable, KernelInfo, KernelTiming, Plan } from '../backend.ts';

interface HostBuffer extends DeviceBuffer {
  readonly data: TypedArray;
}

/** Larger tensors are refused before anything is allocated. */
const MOST_BYTES = 2 ** 32;

/** The oracle as a device: runs each op's `reference`, one after another, without kernels or plans. */
export function createReferenceBackend(): Backend {
  return {
    name: 'reference',
    description: 'plain TypeScript',
    lost: new Promise(() => undefined),
    allocate: (type, data) => {
      if (byteLengthOf(type) > MOST_BYTES) {
        throw new EngineError(
          'out-of-memory',
          `a tensor of ${formatShape(type.shape)} needs more than ${MOST_BYTES} bytes`,
        );
      }
      const buffer: HostBuffer = { type, data: emptyArray(type) };
      if (data) write(buffer, data);
      return buffer;
    },
    write: (buffer, data) => write(hostBuffer(buffer), data),
    read: async (buffer) => hostBuffer(buffer).data.slice(),
    release: () => undefined,
    compile,
    finish: async () => undefined,
    dispose: () => undefined,
  };
}

function compile(program: Program): Executable {
  const kernels = program.operations.map(infoOf);
  return {
    kernels,
    arenaBytes: 0,
    dispatches: kernels.length,
    pipelines: new Set(program.operations.map(({ op }) => op)).size,
    ready: Promise.resolve(),
    bind: (buffers) => bind(program, buffers),
  };
}

/** An oracle is not measured by its arithmetic: it claims none. */
function infoOf({ op, origin, inputs, outputs }: Operation): KernelInfo {
  const bytes = [...inputs, ...outputs].reduce((sum, { type }) => sum + byteLengthOf(type), 0);
  const resultBytes = outputs.reduce((sum, { type }) => sum + byteLengthOf(type), 0);
  return { label: op, origins: origin === undefined ? [] : [origin], flops: 0, bytes, resultBytes };
}

function bind(program: Program, buffers: Readonly<Record<string, DeviceBuffer>>): Plan {
  const named = (name: string, type: TensorType): HostBuffer => {
    const buffer = buffers[name];
    if (!buffer) throw new Error(`the program needs a buffer "${name}"`);
    if (buffer.type.dtype !== type.dtype || !sameShape(buffer.type.shape, type.shape)) {
      const given = `${buffer.type.dtype} ${formatShape(buffer.type.shape)}`;
      throw new Error(`buffer "${name}" is ${given}, expected ${type.dtype} ${formatShape(type.shape)}`);
    }
    return hostBuffer(buffer);
  };
  const inputs = program.inputs.map(({ name, value }) => ({ value, buffer: named(name, value.type) }));
  const outputs = program.outputs.map(({ name, value }) => ({ value, buffer: named(name, value.type) }));
  const writes = program.writes.map(({ input, value }) => ({ value, buffer: named(input, value.type) }));
  const run = (timings?: KernelTiming[]): void => {
    const tensors = new Map<number, HostTensor>();
    for (const { value, buffer } of inputs) tensors.set(value.id, buffer);
    for (const operation of program.operations) {
      const start = performance.now();
      const given = operation.inputs.map(({ id }) => tensors.get(id) as HostTensor);
      const results = opDefinition(operation.op).reference(given, operation.attributes);
      operation.outputs.forEach(({ id, type }, i) => {
        tensors.set(id, { type, data: results[i] as TypedArray });
      });
      timings?.push({ ...infoOf(operation), milliseconds: performance.now() - start });
    }
    // All results first: a written buffer may still be read by another.
    const results = [...outputs, ...writes].map(({ value, buffer }) => ({
      buffer,
      data: (tensors.get(value.id) as HostTensor).data.slice(),
    }));
    for (const { buffer, data } of results) buffer.data.set(data);
  };
  return {
    run: () => run(),
    profile: async () => {
      const timings: KernelTiming[] = [];
      run(timings);
      return timings;
    },
    dispose: () => undefined,
  };
}

function hostBuffer(buffer: DeviceBuffer): HostBuffer {
  if (!('data' in buffer)) throw new Error('this buffer belongs to another device');
  return buffer as HostBuffer;
}

function write(buffer: HostBuffer, data: TypedArray): void {
  if (data.length !== buffer.data.length) {
    throw new Error(`a buffer of ${buffer.data.length} elements can't take ${data.length}`);
  }
  buffer.data.set(data);
}
