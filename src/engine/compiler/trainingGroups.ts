import { EngineError } from '../errors.ts';
import type { TrainingSettings } from '../graph/document.ts';
import { completeParameters } from '../layers/parameters.ts';
import { findOptimizer } from '../optimizers/registry.ts';
import type { GraphInference } from './infer.ts';
import type { OptimizerChoice } from './optimizerUpdate.ts';

/** Weights that one optimizer updates, and by which losses. */
export interface TrainingGroup {
  /** For people; empty for the layers of no group. */
  readonly name: string;
  /** Before the names of its buffers. */
  readonly prefix: string;
  /** Ids of nodes with weights that are learned. */
  readonly nodes: readonly string[];
  readonly losses: readonly string[];
  readonly optimizer: OptimizerChoice;
}

/**
 * What each step updates, one after another; nothing where all layers are frozen, or none has weights. Layers of no group come last, with the document's own optimizer.
 * @throws EngineError `bad-document` for an optimizer that is not known, or a group without a loss
 */
export function trainingGroups(
  { groups = [] }: TrainingSettings,
  optimizer: OptimizerChoice,
  inference: GraphInference,
): TrainingGroup[] {
  const { order, nodes } = inference;
  const losses = order.filter((id) => nodes[id]?.layer?.role === 'loss');
  const learned = order.filter((id) => {
    const { frozen, shares, inference: found } = nodes[id] ?? {};
    return !frozen && !shares && found?.weights.some(({ trainable }) => trainable);
  });
  // A use of a block stands for all that is inside of it.
  const holds = (ids: readonly string[], id: string) => ids.some((own) => id === own || id.startsWith(`${own}.`));
  const found = groups.flatMap((group, i): TrainingGroup[] => {
    const own = learned.filter(
      (id) => holds(group.nodes, id) && !groups.slice(0, i).some((before) => holds(before.nodes, id)),
    );
    if (own.length === 0) return [];
    const definition = findOptimizer(group.optimizer.type);
    if (!definition) {
      throw new EngineError('bad-document', `unknown optimizer "${group.optimizer.type}": choose another one`);
    }
    const ownLosses = losses.filter((id) => holds(group.losses, id));
    if (ownLosses.length === 0) {
      throw new EngineError('bad-document', `the group "${group.name}" has no loss: give it one in the inspector`);
    }
    const parameters = completeParameters(definition.parameters, group.optimizer.parameters);
    return [
      { name: group.name, prefix: `group${i}:`, nodes: own, losses: ownLosses, optimizer: { definition, parameters } },
    ];
  });
  const rest = learned.filter((id) => !found.some((group) => group.nodes.includes(id)));
  const restLosses = losses.filter((id) => !found.some((group) => group.losses.includes(id)));
  return [
    ...found,
    ...(rest.length > 0
      ? [{ name: '', prefix: '', nodes: rest, losses: restLosses.length > 0 ? restLosses : losses, optimizer }]
      : []),
  ];
}

/** The losses that a step adds up, each once, where there are several: nodes, in the order of the groups. */
export function lossTerms(groups: readonly TrainingGroup[]): readonly string[] {
  const terms = [...new Set(groups.flatMap(({ losses }) => losses))];
  return terms.length > 1 ? terms : [];
}

/** Groups that follow each other and have the same losses are updated by one backward pass. */
export function phasesOf(groups: readonly TrainingGroup[]): (readonly TrainingGroup[])[] {
  const phases: TrainingGroup[][] = [];
  for (const group of groups) {
    const last = phases.at(-1);
    if (last?.[0] && last[0].losses.join() === group.losses.join()) last.push(group);
    else phases.push([group]);
  }
  return phases;
}
