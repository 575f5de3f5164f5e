import { EngineError } from '../errors.ts';
import type { Operation } from '../ir/types.ts';
import { type TapeEntry, Tensor } from './tensor.ts';

/**
 * What a tensor came from: the recorded operations behind it in the order in which they ran, and the leaves that want a
 * gradient. @throws EngineError `unsupported` if `backward` has used up a part of it, or if an input was changed since.
 */
export function historyOf(result: Tensor): { operations: Operation[]; leaves: Tensor[] } {
  const operations = new Set<TapeEntry>();
  const leaves = new Set<Tensor>();
  const waiting: Tensor[] = [result];
  for (let tensor = waiting.pop(); tensor; tensor = waiting.pop()) {
    const { producer } = tensor;
    if (!tensor.requiresGrad || (producer !== 'freed' && producer && operations.has(producer))) continue;
    if (producer === 'freed') {
      throw new EngineError(
        'unsupported',
        'backward() has used up the tape behind this tensor: call the first one with { retainGraph: true }',
      );
    }
    if (!producer) {
      leaves.add(tensor);
      continue;
    }
    operations.add(producer);
    for (const [i, input] of producer.inputs.entries()) {
      if (!(input instanceof Tensor)) continue;
      if (input.storage.cell.version !== producer.versions[i]) {
        const what = `an input of "${producer.op}" was changed after it was used`;
        throw new EngineError('unsupported', `${what}, by an optimizer's step for one: call backward() before that`);
      }
      waiting.push(input);
    }
  }
  const order = (operation: Operation): number => operation.outputs[0]?.id ?? 0;
  return { operations: [...operations].sort((a, b) => order(a) - order(b)), leaves: [...leaves] };
}
