import { expandBlocks } from '../compiler/expand.ts';
import { type GraphInference, inferAgain, inferGraph } from '../compiler/infer.ts';
import { usesAround } from '../compiler/inferBlocks.ts';
import { type TrainingGroup, trainingGroups } from '../compiler/trainingGroups.ts';
import { dataShapes } from '../data/dataset.ts';
import { EngineError } from '../errors.ts';
import type { GraphDocument, NodeId } from '../graph/document.ts';
import { topologicalOrder } from '../graph/topology.ts';
import type { InitializerDefinition } from '../initializers/defineInitializer.ts';
import { sameShape } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import type {
  DataShapes,
  EmitContext,
  LayerDefinition,
  LossTarget,
  PlacedDefinition,
  PythonLayer,
} from '../layers/defineLayer.ts';
import { lossTarget, lossWeight } from '../layers/lossTarget.ts';
import type { ParameterSchema, ParametersOf } from '../layers/parameters.ts';
import { resolveTraining } from '../optimizers/resolveTraining.ts';
import { CodeBlocks } from './codeBlocks.ts';
import { codeNodes } from './codeNodes.ts';
import { type CodeConstant, withConstants } from './constants.ts';
import type { ArithmeticSyntax } from './printArithmetic.ts';

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
  /** There where a number is to be predicted and not a class. */
  readonly target?: string | { readonly name: string };
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
  /** What it is: a layer, or a block. */
  readonly definition: Omit<PlacedDefinition, 'infer' | 'help'>;
  /** What the target writes for it. */
  readonly layer: PythonLayer;
  /** The variable that holds it from the start: of a block's input. */
  readonly start?: string;
  /** How often a use of a block follows upon itself, where the target writes a loop. */
  readonly repeat?: number;
  readonly context: EmitContext<ParameterSchema>;
  readonly hasWeights: boolean;
  /** Whether training leaves its weights alone. */
  readonly frozen: boolean;
  /** The node whose weights it computes with instead of weights of its own. */
  readonly shares: NodeId | undefined;
  /** How its weights are drawn, and the names of those that it is for; undefined: as the layer has it. */
  readonly initial: CodeInitial | undefined;
  /** Formulas over constants that stand in the code of `layer`, by the place of the number that they come to. */
  readonly constants?: ReadonlyMap<number, string>;
  readonly inputs: readonly CodeValue[];
}

export interface CodeInitial {
  readonly definition: InitializerDefinition;
  readonly parameters: ParametersOf<ParameterSchema>;
  readonly weights: readonly string[];
}

/** A document as the generators see it: checked, in order of computation, without nodes that no loss depends on. */
export interface CodeGraph {
  /** Constants that the code of the nodes names. */
  readonly constants: readonly CodeConstant[];
  readonly nodes: readonly CodeNode[];
  readonly losses: readonly CodeLoss[];
  /** What each step updates, one after another; one without a name where there is one optimizer. */
  readonly groups: readonly TrainingGroup[];
  /** The blocks that it uses, each after those that it uses itself. */
  readonly blocks: readonly CodeBlock[];
  /** What the code calls each layer, by its path: `block1.0.conv1`. */
  readonly names: ReadonlyMap<string, string>;
}

/** A block as a class or a function. */
export interface CodeBlock {
  readonly name: string;
  /** The arguments that it is made with. */
  readonly parameters: readonly string[];
  readonly nodes: readonly CodeNode[];
  /** What it gives, one value an output port. */
  readonly results: readonly CodeValue[];
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

/** How a target writes a layer, and the use of a block. */
export interface CodeTargetWriter {
  layer(node: Omit<CodeNode, 'layer'>, definition: LayerDefinition): PythonLayer;
  /** `parameters`: of each repetition, as source; `timeDistributed`: on each step of a sequence by itself. */
  use(block: CodeBlock, parameters: readonly (readonly string[])[], timeDistributed: boolean): PythonLayer;
  /** Whether repetitions are written as a loop over statements; else what `use` makes holds them all. */
  readonly loops: boolean;
  /** The name of a block's class or function. */
  blockName(name: string): string;
  /** The name of an argument, from one in snake or camel case. */
  parameterName(name: string): string;
  /** Names in the code that no block may have. */
  readonly taken: readonly string[];
  readonly arithmetic: ArithmeticSyntax;
}

// Code is made of one document again and again while that is edited.
const inferEdited = inferAgain();

/** @throws EngineError `bad-document` if the document has errors. */
export function codeGraph(document: GraphDocument, data: DatasetInfo, writer: CodeTargetWriter): CodeGraph {
  const shapes = dataShapes(data);
  const inference = inferEdited(document, shapes);
  const problem = inference.diagnostics.find(({ severity }) => severity === 'error');
  if (problem) {
    throw new EngineError('bad-document', `code can be made when the model is sound: ${problem.message}`, problem.node);
  }
  const { names, ...numbered } = writtenOf(document, shapes, inference, writer);
  const { nodes, blocks, constants } = withConstants(document, numbered, writer, (changed) => {
    const tried = inferGraph(changed, shapes);
    const fits = tried.diagnostics.every(({ severity }) => severity !== 'error');
    return fits ? writtenOf(changed, shapes, tried, writer) : undefined;
  });
  const losses = nodes.filter(({ definition }) => definition.role === 'loss').map((node) => lossOf(node, data));
  if (losses.length === 0) {
    throw new EngineError('bad-document', 'code can be made when the model ends in a loss: add one to its output');
  }
  const { optimizer } = resolveTraining(document.training);
  const groups = trainingGroups(document.training, optimizer, inference);
  return { constants, nodes, losses, groups, blocks, names };
}

function writtenOf(document: GraphDocument, shapes: DataShapes, inference: GraphInference, writer: CodeTargetWriter) {
  const { uses } = expandBlocks(document);
  const used = new Set<string>(inference.order.flatMap((id) => [id, ...usesAround(id)]));
  const blocks = new CodeBlocks(document, shapes, { inference, uses, used }, writer);
  const level = { graph: document, inference, uses, prefix: '' };
  const order = topologicalOrder(document).order.filter((id) => used.has(id));
  const names = new Map<string, string>();
  return { nodes: codeNodes(level, order, shapes, blocks, { names, prefix: '' }), blocks: blocks.all, names };
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
