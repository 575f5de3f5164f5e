import type { ParameterValue } from '../graph/document.ts';
import type { LossTarget } from './defineLayer.ts';

interface Definition {
  target?(parameters: never): LossTarget;
}

/** What a loss with these parameters compares its input with. */
export function lossTarget(definition: Definition, parameters: Readonly<Record<string, ParameterValue>>): LossTarget {
  if (definition.target) return definition.target(parameters as never);
  return parameters.target === 'input' ? 'input' : 'label';
}

/** The factor of a loss in the sum of all losses of a document. */
export function lossWeight(parameters: Readonly<Record<string, ParameterValue>>): number {
  return typeof parameters.lossWeight === 'number' ? parameters.lossWeight : 1;
}
