import { EngineError } from '../errors.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { PythonLayer } from '../layers/defineLayer.ts';
import { kerasInput } from '../layers/python.ts';
import type { CodeBlock, CodeGraph, CodeNode, CodeTargetWriter, DatasetInfo } from './codeGraph.ts';
import { variableName } from './identifiers.ts';
import { trainingLines } from './kerasTraining.ts';
import {
  blockCall,
  constantLines,
  headComment,
  importsFor,
  indent,
  isPlainCall,
  PYTHON_ARITHMETIC,
  pythonLayer,
  supportLines,
} from './python.ts';
import { type ForwardGraph, type ForwardPass, forwardPass, networkOf, type Statement } from './statements.ts';

/** A block is a function that makes layers and joins them; its repetitions are a loop. */
export const kerasWriter = (): CodeTargetWriter => ({
  layer: (node, definition) => pythonLayer(node, definition, 'keras'),
  use: (block, parameters, timeDistributed) => {
    if (timeDistributed) return overSteps(block, parameters);
    return {
      apply: (_layer, inputs) =>
        parameters
          .slice(1)
          .reduce(
            (code, values) => blockCall(block, [block.results.length > 1 ? `*${code}` : code], values),
            blockCall(block, inputs, parameters[0] ?? []),
          ),
    };
  },
  loops: true,
  blockName: (name) => variableName(name) || 'block',
  parameterName: variableName,
  taken: [],
  arithmetic: PYTHON_ARITHMETIC,
});

/** @throws EngineError `unsupported` for a block of several inputs or outputs: TimeDistributed has one. */
function overSteps(block: CodeBlock, parameters: readonly (readonly string[])[]): PythonLayer {
  const starts = block.nodes.filter(({ start }) => start !== undefined);
  if (starts.length !== 1 || block.results.length !== 1) {
    const what = 'several inputs or outputs';
    throw new EngineError('unsupported', `Keras can't express TimeDistributed of ${block.name} with ${what}.`);
  }
  return {
    support: TIME_DISTRIBUTED,
    apply: (_layer, inputs) =>
      parameters.reduce(
        (code, values) => `time_distributed(${[block.name, code, ...values].join(', ')})`,
        inputs[0] as string,
      ),
  };
}

/** Three axes are channels-last in all code, so that of a sequence of tables the steps come last. */
const TIME_DISTRIBUTED = `def time_distributed(block, x, *arguments):
    """Applies a block to each step of sequences by itself; steps that are images are channels-last inside of it."""
    if len(x.shape) == 4:
        x = layers.Permute((3, 1, 2))(x)
    step = keras.Input(shape=x.shape[2:])
    y = layers.Permute((2, 3, 1))(step) if len(step.shape) == 4 else step
    y = block(y, *arguments)
    if len(y.shape) == 4:
        y = layers.Permute((3, 1, 2))(y)
    y = layers.TimeDistributed(keras.Model(step, y))(x)
    return layers.Permute((2, 3, 1))(y) if len(y.shape) == 4 else y
`;

/** The Keras script: a Sequential model for a chain, the functional API for any other graph; compile and fit. */
export function kerasScript(document: GraphDocument, graph: CodeGraph, data: DatasetInfo): string {
  requireOneOptimizer(graph);
  const model = new KerasLayers(graph);
  const network = networkOf(graph);
  const input = kerasInput(data.sample, data.vocabulary !== undefined);
  const build = sequentialLines(graph, model, input) ?? functionalLines(network, model, input);
  const body = [
    ...constantLines(graph),
    ...supportLines([...graph.blocks, graph].flatMap(({ nodes }) => nodes.map(({ layer }) => layer))),
    ...graph.blocks.flatMap((block) => [...blockLines(block), '', '']),
    'def build_model():',
    ...indent(build),
    '',
    '',
    ...trainingLines(document.training, graph, (node) => node.layer),
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
  readonly #activations = new Map<CodeNode, string>();
  readonly #folded = new Set<CodeNode>();

  constructor(graph: Pick<CodeGraph, 'nodes'>) {
    for (const node of graph.nodes) {
      const { activation } = node.layer;
      const before = node.inputs.length === 1 ? node.inputs[0]?.node : undefined;
      if (activation === undefined || !before || readers(graph, before) !== 1) continue;
      if (!before.layer.takesActivation || this.#activations.has(before)) continue;
      this.#activations.set(before, activation);
      this.#folded.add(node);
    }
  }

  /** The constructor call, with the activation that it took over, and frozen where its weights are to stay. */
  make(node: CodeNode): string | undefined {
    const { make } = node.layer;
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
    return node.layer.apply(this.make(node) ?? '', inputs);
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

function readers(graph: Pick<CodeGraph, 'nodes'>, node: CodeNode): number {
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
    if (!isPlainCall(node.layer)) return undefined;
    before = node;
  }
  if (graph.losses[0]?.inputs[0]?.node !== before) return undefined;
  const made = body.filter((node) => !model.isFolded(node)).map((node) => `${model.make(node)},`);
  return ['return keras.Sequential(', ...indent(['[', ...indent([`${input},`, ...made]), ']']), ')'];
}

function functionalLines(network: ForwardGraph, model: KerasLayers, input: string): string[] {
  const { statements, results } = kerasPass(network, model);
  return [
    `inputs = ${input}`,
    ...statements.flatMap(statementLines),
    `return keras.Model(inputs, ${results.length === 1 ? results[0] : `[${results.join(', ')}]`})`,
  ];
}

function kerasPass(graph: ForwardGraph, model: KerasLayers, parameters: readonly string[] = []): ForwardPass {
  return forwardPass(graph, {
    start: 'inputs',
    declaresInputs: false,
    reserved: new Set(['keras', 'layers', 'ops', 'inputs', 'outputs', ...parameters]),
    express: (node, inputs) => model.express(node, inputs),
  });
}

function statementLines({ variables, expression, times }: Statement): string[] {
  const line = `${variables.join(', ')} = ${expression}`;
  return times ? [`for _ in range(${times}):`, ...indent([line])] : [line];
}

function blockLines(block: CodeBlock): string[] {
  const { statements, results } = kerasPass(block, new KerasLayers(block), block.parameters);
  const lines = statements.flatMap(statementLines);
  const last = statements.at(-1);
  if (last && !last.times && results.length === 1 && last.variables.join() === results[0]) {
    lines[lines.length - 1] = `return ${last.expression}`;
  } else lines.push(`return ${results.join(', ')}`);
  const starts = block.nodes.flatMap(({ start }) => start ?? []);
  return [`def ${block.name}(${[...starts, ...block.parameters].join(', ')}):`, ...indent(lines)];
}
