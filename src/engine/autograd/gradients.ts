import type { Emitter } from '../ir/emitter.ts';
import type { Operation, Value } from '../ir/types.ts';
import { opDefinition } from '../ops/registry.ts';

/**
 * Gradients of a scalar by some values: walks the operations backwards and emits each op's own gradient rule. A value
 * that the scalar does not depend on has none. `within` runs what belongs to one operation as work of its canvas node.
 * @throws Error if an operation on the way has no gradient.
 */
export function gradients(
  emit: Emitter,
  operations: readonly Operation[],
  scalar: Value,
  wanted: readonly Value[],
  within: <Result>(origin: string, body: () => Result) => Result = (_origin, body) => body(),
  /** Ids of values that count as constants: weights that this step has updated already. */
  constants: ReadonlySet<number> = new Set(),
): (Value | undefined)[] {
  // Emitting adds to the list when it is a builder's own.
  const forward = [...operations];
  const relevant = new Set(wanted.map(({ id }) => id));
  for (const { inputs, outputs } of forward) {
    if (inputs.some(({ id }) => relevant.has(id))) {
      for (const { id } of outputs) if (!constants.has(id)) relevant.add(id);
    }
  }
  const found = new Map<number, Value>([[scalar.id, emit.fill(scalar.type.shape, 1)]]);
  for (const operation of forward.reverse()) {
    const outputGradients = operation.outputs.map(({ id }) => found.get(id));
    const used = operation.inputs.map(({ id, type }) => relevant.has(id) && type.dtype === 'f32');
    if (!outputGradients.some(Boolean) || !used.some(Boolean)) continue;
    const { gradient, auxiliaryOutputs = [] } = opDefinition(operation.op);
    if (gradient === 'stop') continue;
    if (gradient === 'none' || auxiliaryOutputs.some((k) => outputGradients[k]))
      throw new Error(`op "${operation.op}" has no gradient`);
    const { inputs, outputs, attributes } = operation;
    const backward = (): void => {
      const byInputs = gradient({ emit, inputs, outputs, outputGradients, attributes, needs: (i) => used[i] === true });
      for (const [i, input] of inputs.entries()) {
        const more = byInputs[i];
        if (!more || !used[i]) continue;
        const known = found.get(input.id);
        found.set(input.id, known ? emit.op('add', [known, more]) : more);
      }
    };
    if (operation.origin === undefined) backward();
    else within(operation.origin, backward);
  }
  return wanted.map(({ id }) => found.get(id));
}
