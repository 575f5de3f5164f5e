import type { GraphDocument } from '../graph/document.ts';
import type { PythonLayer } from '../layers/defineLayer.ts';
import type { CodeBlock, CodeGraph, CodeNode, CodeTargetWriter, DatasetInfo } from './codeGraph.ts';
import { className, freeName, variableName } from './identifiers.ts';
import {
  blockCall,
  constantLines,
  headComment,
  importsFor,
  indent,
  PYTHON_ARITHMETIC,
  pythonLayer,
  supportLines,
} from './python.ts';
import { groupedTrainingLines } from './pytorchGroups.ts';
import { optimizerClass, trainingLines } from './pytorchTraining.ts';
import { type ForwardGraph, forwardPass, networkOf } from './statements.ts';

/** A block is a module of its own; its repetitions are an nn.Sequential, or a list where several values flow. */
export const pytorchWriter = (document: GraphDocument): CodeTargetWriter => ({
  layer: (node, definition) => pythonLayer(node, definition, 'pytorch'),
  use: (block, parameters, timeDistributed) => {
    const each = timeDistributed ? overSteps(block) : (call: Call) => call;
    const calls = parameters.map((values) => blockCall(block, [], values));
    if (calls.length === 1)
      return { make: calls[0] as string, apply: each((layer, inputs) => `${layer}(${inputs.join(', ')})`) };
    // The first may differ from the others: what comes into it does.
    const rest = calls.slice(1);
    const same = (list: readonly string[]) => list.every((call) => call === list[0]);
    const times = (call: string, count: number) => `*[${call} for _ in range(${count})]`;
    const items = same(calls)
      ? times(calls[0] as string, calls.length)
      : same(rest) && rest.length > 1
        ? `${calls[0]}, ${times(rest[0] as string, rest.length)}`
        : calls.join(', ');
    if (block.results.length === 1)
      return { make: `nn.Sequential(${items})`, apply: each((layer, inputs) => `${layer}(${inputs[0]})`) };
    const list = items.startsWith('*') && same(calls) ? items.slice(1) : `[${items}]`;
    return {
      make: `nn.ModuleList(${list})`,
      apply: each((layer, inputs) =>
        calls.slice(1).reduce((code, _, i) => `${layer}[${i + 1}](*${code})`, `${layer}[0](${inputs.join(', ')})`),
      ),
    };
  },
  loops: false,
  blockName: (name) => className(name),
  parameterName: variableName,
  taken: [className(document.name)],
  arithmetic: PYTHON_ARITHMETIC,
});

type Call = PythonLayer['apply'];

/** A call that has the steps of sequences for samples, `block(x.flatten(0, 1)).unflatten(0, x.shape[:2])`. */
const overSteps =
  ({ results }: CodeBlock) =>
  (call: Call): Call =>
  (layer, inputs) => {
    const made = call(
      layer,
      inputs.map((x) => `${x}.flatten(0, 1)`),
    );
    const sizes = `${inputs[0]}.shape[:2]`;
    if (results.length === 1) return `${made}.unflatten(0, ${sizes})`;
    return `(step.unflatten(0, ${sizes}) for step in ${made})`;
  };

/** The PyTorch script: an nn.Module with its forward pass, and its training as a person would write them. */
export function pytorchScript(document: GraphDocument, graph: CodeGraph, data: DatasetInfo): string {
  const modules = new PytorchModules(graph);
  const name = className(document.name);
  const body = [
    ...constantLines(graph),
    ...optimizerClass(document.training),
    ...supportLines([...graph.blocks, graph].flatMap(({ nodes }) => nodes.map(({ layer }) => layer))),
    ...graph.blocks.flatMap((block) => [
      ...classLines(block.name, block, new PytorchModules(block), block.parameters),
      '',
      '',
    ]),
    ...classLines(name, networkOf(graph), modules),
    '',
    '',
    ...(graph.groups.length > 1
      ? groupedTrainingLines(name, document.training, graph, modules)
      : trainingLines(name, document.training, graph, (node) => node.layer)),
  ].join('\n');
  const uses = [
    'import argparse',
    '',
    'import torch',
    ...importsFor(body, [['F', 'import torch.nn.functional as F']]),
    ...importsFor(body, [['nn', 'from torch import nn']]),
    ...(body.includes('AveragedModel(')
      ? ['from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn']
      : []),
    'from torch.utils.data import DataLoader, TensorDataset',
    '',
    'from data import load_split',
  ];
  return `${[...headComment('#', document.name, data.id, 'PyTorch'), ...uses, '', '', body].join('\n')}\n`;
}

/** Which module each node uses. Nodes without weights that are made alike share one: a pool, a dropout. */
class PytorchModules {
  readonly #attributes = new Map<CodeNode, string>();
  readonly #owners = new Map<string, CodeNode>();
  /** Attribute and constructor, in order. */
  readonly made: { readonly attribute: string; readonly make: string }[] = [];

  constructor(graph: Pick<CodeGraph, 'nodes'>) {
    const body = graph.nodes.filter(({ definition }) => definition.role !== 'loss');
    const calls = new Map<string, number>();
    for (const node of graph.nodes) {
      const { layer } = node;
      if (layer.make) calls.set(layer.make, (calls.get(layer.make) ?? 0) + 1);
    }
    for (const node of body) this.#owners.set(node.id, node);
    const shared = new Map<string, string>();
    const taken = new Set(body.map(({ name }) => name));
    for (const node of body) {
      const { make } = node.layer;
      if (make === undefined || node.shares !== undefined) continue;
      const mayShare = !node.hasWeights && node.label === undefined;
      const known = mayShare ? shared.get(make) : undefined;
      if (known !== undefined) {
        this.#attributes.set(node, known);
        continue;
      }
      let attribute = node.name;
      // A module that serves several nodes has no number of its own.
      const plain = node.name.replace(/\d+$/, '');
      if (mayShare && (calls.get(make) ?? 0) > 1 && plain !== '' && !taken.has(plain)) {
        attribute = freeName(plain, taken);
      }
      if (mayShare) shared.set(make, attribute);
      this.#attributes.set(node, attribute);
      this.made.push({ attribute, make });
    }
  }

  apply(node: CodeNode, inputs: readonly string[]): string {
    return node.layer.apply(`self.${this.attribute(node)}`, inputs);
  }

  attribute(node: CodeNode): string {
    const owner = node.shares === undefined ? undefined : this.#owners.get(node.shares);
    if (owner) return this.attribute(owner);
    return this.#attributes.get(node) ?? node.name;
  }
}

function classLines(
  name: string,
  graph: ForwardGraph,
  modules: PytorchModules,
  parameters: readonly string[] = [],
): string[] {
  const { statements, results } = forwardPass(graph, {
    start: 'x',
    declaresInputs: false,
    reserved: new Set(['self', 'torch', 'nn', 'F']),
    express: (node, inputs) => modules.apply(node, inputs),
    // What only transforms goes around the layer that computes: `self.relu(self.conv1(x))`.
    nests: (node, input) => !node.hasWeights && input.hasWeights && readsInputOnce(node.layer),
  });
  const lines = statements.map(({ variables, expression }) => `${variables.join(', ')} = ${expression}`);
  const last = statements.at(-1);
  if (last && results.length === 1 && last.variables.length === 1 && last.variables[0] === results[0]) {
    lines[lines.length - 1] = `return ${last.expression}`;
  } else lines.push(`return ${results.join(', ')}`);
  const made = [
    ...modules.made.map(({ attribute, make }) => `self.${attribute} = ${make}`),
    ...graph.nodes
      .filter(({ shares }) => !shares)
      .flatMap((node) => initialLines(node, `self.${modules.attribute(node)}`)),
    ...graph.nodes
      .filter(({ frozen }) => frozen)
      .map((node) => `self.${modules.attribute(node)}.requires_grad_(False)`),
  ];
  return [
    `class ${name}(nn.Module):`,
    ...(made.length > 0
      ? [
          ...indent([`def __init__(${['self', ...parameters].join(', ')}):`]),
          ...indent(['super().__init__()', ...made], 2),
          '',
        ]
      : []),
    ...indent([`def forward(${['self', ...startsOf(graph)].join(', ')}):`]),
    ...indent(lines, 2),
  ];
}

/** What comes into the network, or into a block. */
function startsOf({ nodes }: ForwardGraph): readonly string[] {
  const starts = nodes.flatMap(({ start }) => start ?? []);
  return starts.length > 0 ? starts : ['x'];
}

/** `nn.init.orthogonal_(self.fc1.weight)`; parts of a Sequential have numbers for names. */
function initialLines({ initial }: CodeNode, module: string): string[] {
  if (!initial) return [];
  const { definition, parameters, weights } = initial;
  return weights.map((name) => {
    const path = name.split('.').map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`));
    return definition.emit.pytorch(`${module}${path.join('')}`, parameters);
  });
}

function readsInputOnce(layer: PythonLayer): boolean {
  return layer.apply('', ['INPUT']).split('INPUT').length === 2;
}
