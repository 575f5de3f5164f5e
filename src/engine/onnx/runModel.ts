import type { Backend, DeviceBuffer } from '../backends/backend.ts';
import { EngineError } from '../errors.ts';
import { sameShape } from '../ir/shape.ts';
import type { Shape, TypedArray } from '../ir/types.ts';
import { bitsOf, type ElementType, isFloat, isInteger, roundToType } from './elementTypes.ts';
import { exactFloats } from './graphTensor.ts';
import { checkGuard, type ImportedModel } from './importModel.ts';

/** Numbers with the type they have in ONNX: booleans are 0 and 1, short floats are rounded. */
export interface OnnxNumbers {
  readonly elementType: ElementType;
  readonly shape: Shape;
  readonly numbers: ArrayLike<number>;
}

/**
 * Runs an imported model once.
 * @throws EngineError `shape-mismatch` for an input that does not fit, `not-exact` for integers beyond 2²⁴.
 */
export async function runOnnxModel(
  backend: Backend,
  model: ImportedModel,
  inputs: Readonly<Record<string, OnnxNumbers>>,
): Promise<OnnxNumbers[]> {
  const buffers: Record<string, DeviceBuffer> = {};
  try {
    for (const { name, elementType, shape } of model.inputs) {
      const given = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      if (!given || given.elementType !== elementType || !sameShape(given.shape, shape)) {
        const what = given ? `${given.elementType} [${given.shape}]` : 'nothing';
        throw new EngineError('shape-mismatch', `input "${name}" takes ${elementType} [${shape}], got ${what}`);
      }
      buffers[name] = backend.allocate(
        { shape, dtype: 'f32' },
        exactFloats(given.numbers, elementType, `input "${name}"`),
      );
    }
    const { program } = model;
    for (const { name, value } of program.inputs) {
      const data = model.constants.get(name);
      if (data) buffers[name] = backend.allocate(value.type, data);
    }
    for (const { name, value } of program.outputs) buffers[name] = backend.allocate(value.type);
    const results = new Map<string, TypedArray>();
    if (program.outputs.length > 0) {
      const executable = backend.compile(program);
      await executable.ready;
      const plan = executable.bind(buffers);
      plan.run();
      for (const { name } of program.outputs) results.set(name, await backend.read(buffers[name] as DeviceBuffer));
      plan.dispose();
    }
    for (const { output, where } of model.guards) checkGuard(results.get(output)?.[0] as number, where);
    return model.outputs.map(({ elementType, shape, from }) => {
      const data = typeof from === 'string' ? (results.get(from) as TypedArray) : from;
      return { elementType, shape, numbers: Float64Array.from(data, (number) => leave(number, elementType)) };
    });
  } finally {
    for (const buffer of Object.values(buffers)) backend.release(buffer);
  }
}

/** A number as the element type has it. Integers arrive as whole numbers in range, or the operator is wrong. */
function leave(number: number, type: ElementType): number {
  if (isFloat(type)) return roundToType(number, type);
  if (!isInteger(type)) return number === 0 ? 0 : 1;
  const whole = Number.isInteger(number) && Math.abs(number) <= 2 ** Math.min(53, bitsOf(type));
  if (whole) return number;
  throw new EngineError('not-exact', `a result of type ${type} is ${number}, which is no such integer`);
}
