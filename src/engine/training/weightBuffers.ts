import type { Backend, DeviceBuffer } from '../backends/backend.ts';
import type { ParameterLayout } from '../compiler/parameterLayout.ts';
import { EngineError } from '../errors.ts';
import { sizeOf } from '../ir/shape.ts';
import type { NamedWeight } from './initialWeights.ts';

type Memory = Readonly<Record<string, DeviceBuffer>>;

/** Reads all weights of a model; `flat` names the buffer of those that are trained: `parameters`, or their `average`. */
export async function readWeights(
  backend: Backend,
  memory: Memory,
  layout: ParameterLayout,
  flat: 'parameters' | 'average',
): Promise<NamedWeight[]> {
  const trained = (await backend.read(memory[flat] as DeviceBuffer)) as Float32Array;
  const weights: NamedWeight[] = [];
  for (const { name, shape, offset, trainable } of layout.entries) {
    const data = trainable
      ? trained.slice(offset, offset + sizeOf(shape))
      : ((await backend.read(memory[`weight:${name}`] as DeviceBuffer)) as Float32Array);
    weights.push({ name, shape, data });
  }
  return weights;
}

/**
 * Overwrites all weights of a model, and their average where one is kept.
 * @throws EngineError `bad-data` for a name or size that the model has not, or a weight that is missing.
 */
export function writeWeights(
  backend: Backend,
  memory: Memory,
  layout: ParameterLayout,
  weights: readonly NamedWeight[],
): void {
  const flat = new Float32Array(layout.size);
  const given = new Map(weights.map((weight) => [weight.name, weight.data]));
  for (const { name, shape, offset, trainable } of layout.entries) {
    const data = given.get(name);
    given.delete(name);
    if (!data) throw new EngineError('bad-data', `no values for weight "${name}"`);
    if (data.length !== sizeOf(shape)) {
      throw new EngineError('bad-data', `weight "${name}" has ${sizeOf(shape)} elements, got ${data.length}`);
    }
    if (trainable) flat.set(data, offset);
    else backend.write(memory[`weight:${name}`] as DeviceBuffer, data);
  }
  for (const name of given.keys()) throw new EngineError('bad-data', `the model has no weight "${name}"`);
  backend.write(memory.parameters as DeviceBuffer, flat);
  if (memory.average) backend.write(memory.average, flat);
}
