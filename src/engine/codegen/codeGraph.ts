import { expandBlocks } from '../compiler/expand.ts';
import { type GraphInference, inferGraph, type NodeInference } from '../compiler/infer.ts';
import { type TrainingGroup, trainingGroups } from '../compiler/trainingGroups.ts';
import { dataShapes } from '../data/dataset.ts';
import { EngineError } from '../errors.ts';
import type { GraphDocument, NodeId } from '../graph/document.ts';
import type { InitializerDefinition } from '../initializers/defineInitializer.ts';
import { findInitializer, isInitialized } from '../initializers/registry.ts';
import { sameShape } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import type { EmitContext, LayerDefinition, LossTarget } from '../layers/defineLayer.ts';
import { lossTarget, lossWeight } from '../layers/lossTarget.ts';
import { completeParameters, type ParameterSchema, type ParametersOf } from '../layers/parameters.ts';
import { resolveTraining } from '../optimizers/resolveTraining.ts';
import { freeName, variableName } from './identifiers.ts';

/** What the code needs to know of the data set. */
export interface DatasetInfo {
  readonly id: string;
  readonly title: string;
  /** Shape of one sample, channels first. */
  readonly sample: Shape;
  /** Names of the classes; empty if there are no labels. */
  readonly classes: readonly string[];
  readonly label?: Shape;
  /** What ids stand for, where samples are ids. */
  readonly vocabulary?: readonly string[];
  /** Where it comes from and on which terms: goes into the project's README. */
  readonly source?: string;
  readonly licence?: string;
}

/** A value in the graph: output port number `port` of a node. */
export interface CodeValue {
  readonly node: CodeNode;
  readonly port: number;
}

/** A node with all that a target's generator asks of it. */
export interface CodeNode {
  readonly id: NodeId;
  /** Identifier, unique in the document. */
  readonly name: string;
  /** The user's own name for it as it was given: any text. */
  readonly label: string | undefined;
  readonly definition: LayerDefinition;
  readonly context: EmitContext<ParameterSchema>;
  readonly hasWeights: boolean;
  /** Whether training leaves its weights alone. */
  readonly frozen: boolean;
  /** The node whose weights it computes with instead of weights of its own. */
  readonly shares: NodeId | undefined;
  /** How its weights are drawn, and the names of those that it is for; undefined: as the layer has it. */
  readonly initial: CodeInitial | undefined;
  readonly inputs: readonly CodeValue[];
}

export interface CodeInitial {
  readonly definition: InitializerDefinition;
  readonly parameters: ParametersOf<ParameterSchema>;
  readonly weights: readonly string[];
}

/** A document as the generators see it: checked, in order of computation, without nodes that no loss depends on. */
export interface CodeGraph {
  readonly nodes: readonly CodeNode[];
  readonly losses: readonly CodeLoss[];
  /** What each step updates, one after another; one without a name where there is one optimizer. */
  readonly groups: readonly TrainingGroup[];
}

export interface CodeLoss {
  readonly node: CodeNode;
  /** What the loss is given: outputs of the network, most often one. */
  readonly inputs: readonly CodeValue[];
  /** What they are compared with: the labels, the samples, or nothing else. */
  readonly target: LossTarget;
  /** Factor of this loss in the sum. */
  readonly weight: number;
  /** Whether its input has one number a class, so that the largest is the answer. */
  readonly classifies: boolean;
}

/** @throws EngineError `bad-document` if the document has errors. */
export function codeGraph(whole: GraphDocument, data: DatasetInfo): CodeGraph {
  const { document } = expandBlocks(whole);
  const shapes = dataShapes(data);
  const inference = inferGraph(document, shapes);
  const problem = inference.diagnostics.find(({ severity }) => severity === 'error');
  if (problem) {
    throw new EngineError('bad-document', `code can be made when the model is sound: ${problem.message}`, problem.node);
  }
  const { order } = inference;
  const names = nodeNames(document, inference, order);
  const nodes = new Map<string, CodeNode>();
  for (const id of order) {
    const entry = inference.nodes[id];
    const record = document.nodes[id];
    const name = names.get(id);
    if (!entry?.layer || !entry.inference || !record || !name) {
      throw new EngineError('bad-document', `no code can be made of node "${id}"`, id);
    }
    const inputs = entry.sources.map(({ node, output }): CodeValue => {
      const source = nodes.get(node);
      if (!source) throw new EngineError('unconnected', `node "${id}" reads a wire that carries nothing`, id);
      return { node: source, port: output };
    });
    nodes.set(id, {
      id,
      name,
      label: record.name,
      definition: entry.layer,
      context: {
        parameters: entry.parameters,
        inputs: inputs.map(({ node, port }) => node.context.outputs[port] as Shape),
        outputs: entry.inference.outputs,
        data: shapes,
      },
      hasWeights: entry.inference.weights.length > 0,
      shares: entry.shares,
      initial: initialOf(entry),
      frozen: entry.frozen && entry.inference.weights.length > 0,
      inputs,
    });
  }
  const all = [...nodes.values()];
  const losses = all.filter(({ definition }) => definition.role === 'loss').map((node) => lossOf(node, data));
  if (losses.length === 0) {
    throw new EngineError('bad-document', 'code can be made when the model ends in a loss: add one to its output');
  }
  const { optimizer } = resolveTraining(document.training);
  return { nodes: all, losses, groups: trainingGroups(document.training, optimizer, inference) };
}

/** The user's own names first; the others are called after their layer, and numbered where there are several. */
function nodeNames(document: GraphDocument, inference: GraphInference, order: readonly NodeId[]): Map<string, string> {
  const names = new Map<string, string>();
  // Variables of the forward pass: no layer may hide them.
  const taken = new Set(['x', 'y', 'z']);
  for (const id of order) {
    const own = variableName(document.nodes[id]?.name ?? '');
    if (own !== '') names.set(id, freeName(own, taken));
  }
  const groups = new Map<string, NodeId[]>();
  for (const id of order) {
    const definition = inference.nodes[id]?.layer;
    if (names.has(id) || !definition) continue;
    const base = definition.emit.name ?? variableName(definition.type.replace(/\d[dD]$/, ''));
    groups.set(base, [...(groups.get(base) ?? []), id]);
  }
  for (const [base, ids] of groups) {
    let number = 1;
    for (const id of ids) {
      let name = base;
      if (ids.length > 1 || taken.has(base)) {
        while (taken.has(`${base}${number}`)) number++;
        name = `${base}${number}`;
      }
      taken.add(name);
      names.set(id, name);
    }
  }
  return names;
}

function lossOf(node: CodeNode, data: DatasetInfo): CodeLoss {
  const { definition, context } = node;
  const target = lossTarget(definition, context.parameters);
  const input = node.inputs[0] as CodeValue;
  const shape = input.node.context.outputs[input.port];
  const named = target === 'label' && definition.classifies !== false;
  const scores = [...(data.label ?? []), data.classes.length];
  const classifies = named && data.classes.length > 1 && shape !== undefined && sameShape(shape, scores);
  return { node, inputs: node.inputs, target, weight: lossWeight(context.parameters), classifies };
}

function initialOf({ initial, inference }: NodeInference): CodeInitial | undefined {
  const weights = inference?.weights.filter(isInitialized).map(({ name }) => name) ?? [];
  if (!initial || weights.length === 0) return undefined;
  const definition = findInitializer(initial.type);
  if (!definition) {
    throw new EngineError('bad-document', `unknown initial values "${initial.type}": choose other ones`);
  }
  return { definition, parameters: completeParameters(definition.parameters, initial.parameters), weights };
}
