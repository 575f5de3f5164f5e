import { EngineError } from '../errors.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { PythonLayer } from '../layers/defineLayer.ts';
import { kerasInput } from '../layers/python.ts';
import type { CodeGraph, CodeNode, DatasetInfo } from './codeGraph.ts';
import { trainingLines } from './kerasTraining.ts';
import { headComment, importsFor, indent, isPlainCall, pythonLayer, supportLines } from './python.ts';
import { forwardPass } from './statements.ts';

/** The Keras script: a Sequential model for a chain, the functional API for any other graph; compile and fit. */
export function kerasScript(document: GraphDocument, graph: CodeGraph, data: DatasetInfo): string {
  requireOneOptimizer(graph);
  const model = new KerasLayers(graph);
  const input = kerasInput(data.sample, data.vocabulary !== undefined);
  const build = sequentialLines(graph, model, input) ?? functionalLines(graph, model, input);
  const body = [
    ...supportLines(graph.nodes.map((node) => model.layer(node))),
    'def build_model():',
    ...indent(build),
    '',
    '',
    ...trainingLines(document.training, graph, (node) => model.layer(node)),
  ].join('\n');
  const imports = [
    'import argparse',
    ...importsFor(body, [['math', 'import math']]),
    '',
    'import keras',
    ...importsFor(body, [
      ['layers', 'from keras import layers'],
      ['ops', 'from keras import ops'],
    ]),
    '',
    'from data import load_split',
  ];
  return `${[...headComment('#', document.name, data.id, 'Keras'), ...imports, '', '', body].join('\n')}\n`;
}

/** @throws EngineError `unsupported` for what `compile` and `fit` have not. */
function requireOneOptimizer({ groups, nodes }: CodeGraph): void {
  if (groups.length > 1) {
    throw new EngineError(
      'unsupported',
      'Keras has one optimizer in compile: several that alternate need a train_step of your own',
    );
  }
  const sharing = nodes.find(({ shares }) => shares !== undefined);
  if (sharing) {
    throw new EngineError('unsupported', 'no Keras code is written for layers that share weights', sharing.id);
  }
}

/** The shape of a sample in Keras: [C, H, W] is (H, W, C) there, other ranks keep their axes. */
export function channelsLast(sample: readonly number[]): readonly number[] {
  return sample.length === 3 ? [...sample.slice(1), sample[0] as number] : sample;
}

/** What each node is in Keras; activations are taken over by the layer before them where that layer can. */
class KerasLayers {
  readonly #layers = new Map<CodeNode, PythonLayer>();
  readonly #activations = new Map<CodeNode, string>();
  readonly #folded = new Set<CodeNode>();

  constructor(graph: CodeGraph) {
    for (const node of graph.nodes) this.#layers.set(node, pythonLayer(node, 'keras'));
    for (const node of graph.nodes) {
      const { activation } = this.layer(node);
      const before = node.inputs.length === 1 ? node.inputs[0]?.node : undefined;
      if (activation === undefined || !before || readers(graph, before) !== 1) continue;
      if (!this.layer(before).takesActivation || this.#activations.has(before)) continue;
      this.#activations.set(before, activation);
      this.#folded.add(node);
    }
  }

  layer(node: CodeNode): PythonLayer {
    return this.#layers.get(node) as PythonLayer;
  }

  /** The constructor call, with the activation that it took over, and frozen where its weights are to stay. */
  make(node: CodeNode): string | undefined {
    const { make } = this.layer(node);
    const activation = this.#activations.get(node);
    if (make === undefined) return make;
    const more = [
      ...(activation === undefined ? [] : [`activation="${activation}"`]),
      ...initialArgument(node, make),
      ...(node.frozen ? ['trainable=False'] : []),
    ];
    if (more.length === 0) return make;
    return `${make.slice(0, -1)}${make.endsWith('()') ? '' : ', '}${more.join(', ')})`;
  }

  isFolded(node: CodeNode): boolean {
    return this.#folded.has(node);
  }

  express(node: CodeNode, inputs: readonly string[]): string {
    if (this.#folded.has(node)) return inputs[0] as string;
    return this.layer(node).apply(this.make(node) ?? '', inputs);
  }
}

function initialArgument({ initial, definition, id }: CodeNode, make: string): string[] {
  if (!initial) return [];
  const argument = /^layers\.(Dense|Conv\w+|LSTM|GRU|SimpleRNN)\(/.test(make)
    ? 'kernel_initializer'
    : /^layers\.Embedding\(/.test(make)
      ? 'embeddings_initializer'
      : undefined;
  if (!argument) throw new EngineError('unsupported', `Keras can't express ${definition.type} with initial values`, id);
  const source = initial.definition.emit.keras(initial.parameters);
  return [`${argument}=${/^\w+$/.test(source) ? `"${source}"` : source}`];
}

function readers(graph: CodeGraph, node: CodeNode): number {
  return graph.nodes.reduce((sum, { inputs }) => sum + inputs.filter((input) => input.node === node).length, 0);
}

/** The lines of a Sequential model, or undefined where the graph is no plain chain of layers. */
function sequentialLines(graph: CodeGraph, model: KerasLayers, input: string): string[] | undefined {
  const body = graph.nodes.filter(({ definition }) => definition.role === 'layer');
  const inputs = graph.nodes.filter(({ definition }) => definition.role === 'input');
  if (graph.losses.length !== 1 || inputs.length !== 1) return undefined;
  let before = inputs[0] as CodeNode;
  for (const node of body) {
    const [only, ...others] = node.inputs;
    if (only?.node !== before || others.length > 0 || node.definition.outputs.length !== 1) return undefined;
    if (!isPlainCall(model.layer(node))) return undefined;
    before = node;
  }
  if (graph.losses[0]?.inputs[0]?.node !== before) return undefined;
  const made = body.filter((node) => !model.isFolded(node)).map((node) => `${model.make(node)},`);
  return ['return keras.Sequential(', ...indent(['[', ...indent([`${input},`, ...made]), ']']), ')'];
}

function functionalLines(graph: CodeGraph, model: KerasLayers, input: string): string[] {
  const { statements, results } = forwardPass(graph, {
    start: 'inputs',
    declaresInputs: false,
    reserved: new Set(['keras', 'layers', 'ops', 'inputs', 'outputs']),
    express: (node, inputs) => model.express(node, inputs),
  });
  return [
    `inputs = ${input}`,
    ...statements.map(({ variables, expression }) => `${variables.join(', ')} = ${expression}`),
    `return keras.Model(inputs, ${results.length === 1 ? results[0] : `[${results.join(', ')}]`})`,
  ];
}
