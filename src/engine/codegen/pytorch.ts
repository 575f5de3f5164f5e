import { EngineError } from '../errors.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { PythonLayer } from '../layers/defineLayer.ts';
import { completeParameters } from '../layers/parameters.ts';
import { findOptimizer } from '../optimizers/registry.ts';
import type { CodeGraph, CodeNode, DatasetInfo } from './codeGraph.ts';
import { className, freeName } from './identifiers.ts';
import { headComment, importsFor, indent, pythonLayer } from './python.ts';
import { forwardPass } from './statements.ts';

/** The PyTorch script: an nn.Module with its forward pass, and its training as a person would write them. */
export function pytorchScript(document: GraphDocument, graph: CodeGraph, data: DatasetInfo): string {
  const modules = new PytorchModules(graph);
  const name = className(document.name);
  const own = findOptimizer(document.training.optimizer.type)?.emit.pytorchClass;
  const optimizerClass = own ? [...own.trimEnd().split('\n'), '', ''] : [];
  const body = [
    ...optimizerClass,
    ...classLines(name, graph, modules),
    '',
    '',
    ...trainingLines(name, document, graph, modules),
  ].join('\n');
  const uses = [
    'import argparse',
    '',
    'import torch',
    ...importsFor(body, [['F', 'import torch.nn.functional as F']]),
    ...importsFor(body, [['nn', 'from torch import nn']]),
    'from torch.utils.data import DataLoader, TensorDataset',
    '',
    'from data import load_split',
  ];
  return `${[...headComment('#', document.name, data.id, 'PyTorch'), ...uses, '', '', body].join('\n')}\n`;
}

/** Which module each node uses. Nodes without weights that are made alike share one: a pool, a dropout. */
class PytorchModules {
  readonly #layers = new Map<CodeNode, PythonLayer>();
  readonly #attributes = new Map<CodeNode, string>();
  /** Attribute and constructor, in order. */
  readonly made: { readonly attribute: string; readonly make: string }[] = [];

  constructor(graph: CodeGraph) {
    const body = graph.nodes.filter(({ definition }) => definition.role !== 'loss');
    const calls = new Map<string, number>();
    for (const node of graph.nodes) {
      const layer = pythonLayer(node, 'pytorch');
      this.#layers.set(node, layer);
      if (layer.make) calls.set(layer.make, (calls.get(layer.make) ?? 0) + 1);
    }
    const shared = new Map<string, string>();
    const taken = new Set(body.map(({ name }) => name));
    for (const node of body) {
      const { make } = this.layer(node);
      if (make === undefined) continue;
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

  layer(node: CodeNode): PythonLayer {
    return this.#layers.get(node) as PythonLayer;
  }

  apply(node: CodeNode, inputs: readonly string[]): string {
    return this.layer(node).apply(`self.${this.attribute(node)}`, inputs);
  }

  attribute(node: CodeNode): string {
    return this.#attributes.get(node) ?? node.name;
  }
}

function classLines(name: string, graph: CodeGraph, modules: PytorchModules): string[] {
  const { statements, results } = forwardPass(graph, {
    start: 'x',
    declaresInputs: false,
    reserved: new Set(['self', 'torch', 'nn', 'F']),
    express: (node, inputs) => modules.apply(node, inputs),
    // What only transforms goes around the layer that computes: `self.relu(self.conv1(x))`.
    nests: (node, input) => !node.hasWeights && input.hasWeights && readsInputOnce(modules.layer(node)),
  });
  const lines = statements.map(({ variables, expression }) => `${variables.join(', ')} = ${expression}`);
  const last = statements.at(-1);
  if (last && results.length === 1 && last.variables.length === 1 && last.variables[0] === results[0]) {
    lines[lines.length - 1] = `return ${last.expression}`;
  } else lines.push(`return ${results.join(', ')}`);
  const made = [
    ...modules.made.map(({ attribute, make }) => `self.${attribute} = ${make}`),
    ...graph.nodes
      .filter(({ frozen }) => frozen)
      .map((node) => `self.${modules.attribute(node)}.requires_grad_(False)`),
  ];
  return [
    `class ${name}(nn.Module):`,
    ...(made.length > 0 ? [...indent(['def __init__(self):']), ...indent(['super().__init__()', ...made], 2), ''] : []),
    ...indent(['def forward(self, x):']),
    ...indent(lines, 2),
  ];
}

function readsInputOnce(layer: PythonLayer): boolean {
  return layer.apply('', ['INPUT']).split('INPUT').length === 2;
}

function trainingLines(name: string, document: GraphDocument, graph: CodeGraph, modules: PytorchModules): string[] {
  const { training } = document;
  const definition = findOptimizer(training.optimizer.type);
  if (!definition) throw new EngineError('unsupported', `no code for the optimizer "${training.optimizer.type}"`);
  const optimizer = definition.emit.pytorch(completeParameters(definition.parameters, training.optimizer.parameters));
  const { losses } = graph;
  const classified = losses.find(({ classifies }) => classifies);

  const lossNames = losses.length === 1 ? ['loss_fn'] : losses.map(({ node }) => `${node.name}_fn`);
  const outputsOf = losses.map(({ node, inputs }) => {
    if (inputs.length > 1)
      return node.definition.inputs.map((port) => `${losses.length > 1 ? `${node.name}_` : ''}${port.name}`);
    return [losses.length === 1 ? 'outputs' : `${node.name}_input`];
  });
  const outputs = outputsOf.flat();
  const made = losses.flatMap(({ node }, i) => {
    const { make } = modules.layer(node);
    return make === undefined ? [] : [`${lossNames[i]} = ${make}`];
  });
  const terms = losses.map(({ node, target, weight }, i) => {
    const layer = modules.layer(node);
    const given = target === 'input' ? 'inputs' : 'labels';
    const term = layer.apply(lossNames[i] as string, [...(outputsOf[i] as string[]), layer.target?.(given) ?? given]);
    return weight === 1 ? term : `${weight} * ${term}`;
  });
  const needsLabels = losses.some(({ target }) => target === 'label');
  const labels = needsLabels ? 'labels' : '_';
  const forward = [
    `inputs${needsLabels ? ', labels' : ''} = inputs.to(device)${needsLabels ? ', labels.to(device)' : ''}`,
    `${outputs.join(', ')} = model(inputs)`,
    `loss = ${terms.join(' + ')}`,
  ];
  const answers = classified && outputsOf[losses.indexOf(classified)]?.[0];

  return [
    ...made,
    ...(made.length > 0 ? ['', ''] : []),
    'def train_epoch(model, loader, optimizer, device):',
    ...indent([
      '"""Trains on every batch once; returns the mean loss."""',
      'model.train()',
      'total = 0.0',
      `for inputs, ${labels} in loader:`,
      ...indent([
        ...forward,
        'optimizer.zero_grad()',
        'loss.backward()',
        'optimizer.step()',
        'total += loss.item() * len(inputs)',
      ]),
      'return total / len(loader.dataset)',
    ]),
    '',
    '',
    '@torch.no_grad()',
    'def evaluate(model, loader, device):',
    ...indent([
      `"""Returns the mean loss${answers ? ' and the accuracy' : ''} over all batches."""`,
      'model.eval()',
      'total = 0.0',
      ...(answers ? ['correct = 0'] : []),
      `for inputs, ${labels} in loader:`,
      ...indent([
        ...forward,
        'total += loss.item() * len(inputs)',
        ...(answers ? [`correct += (${answers}.argmax(dim=1) == labels).sum().item()`] : []),
      ]),
      'count = len(loader.dataset)',
      `return total / count${answers ? ', correct / count' : ''}`,
    ]),
    '',
    '',
    'def main():',
    ...indent([
      'parser = argparse.ArgumentParser()',
      `parser.add_argument("--epochs", type=int, default=${training.epochs})`,
      `parser.add_argument("--batch-size", type=int, default=${training.batchSize})`,
      `parser.add_argument("--seed", type=int, default=${training.seed})`,
      'args = parser.parse_args()',
      '',
      'torch.manual_seed(args.seed)',
      'device = torch.device("cuda" if torch.cuda.is_available() else "cpu")',
      'train_set = TensorDataset(*map(torch.from_numpy, load_split("train")))',
      'test_set = TensorDataset(*map(torch.from_numpy, load_split("test")))',
      'train_loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True)',
      'test_loader = DataLoader(test_set, batch_size=250)',
      '',
      `model = ${name}().to(device)`,
      `optimizer = ${optimizer}`,
      'print(f"{sum(p.numel() for p in model.parameters()):,} parameters on {device}")',
      'for epoch in range(1, args.epochs + 1):',
      ...indent([
        'loss = train_epoch(model, train_loader, optimizer, device)',
        ...(answers
          ? [
              'test_loss, accuracy = evaluate(model, test_loader, device)',
              'print(f"epoch {epoch}: loss {loss:.4f}, test loss {test_loss:.4f}, test accuracy {accuracy:.2%}")',
            ]
          : [
              'test_loss = evaluate(model, test_loader, device)',
              'print(f"epoch {epoch}: loss {loss:.4f}, test loss {test_loss:.4f}")',
            ]),
      ]),
    ]),
    '',
    '',
    'if __name__ == "__main__":',
    ...indent(['main()']),
  ];
}
