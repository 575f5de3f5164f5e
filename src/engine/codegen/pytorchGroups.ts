import { phasesOf, type TrainingGroup } from '../compiler/trainingGroups.ts';
import { EngineError } from '../errors.ts';
import type { TrainingSettings } from '../graph/document.ts';
import { resolveTraining } from '../optimizers/resolveTraining.ts';
import type { CodeGraph, CodeNode } from './codeGraph.ts';
import { freeName, variableName } from './identifiers.ts';
import { indent } from './python.ts';
import { lossLines } from './pytorchTraining.ts';

interface Modules {
  /** What the model calls a node's module. */
  attribute(node: CodeNode): string;
}

/**
 * The training of several groups of layers, each with an optimizer of its own, as in a GAN: in each step one phase after
 * another, so that a later one sees what an earlier one has learned.
 * @throws EngineError `unsupported` for training options that are not written for several optimizers
 */
export function groupedTrainingLines(
  name: string,
  settings: TrainingSettings,
  graph: CodeGraph,
  modules: Modules,
): string[] {
  const { options, schedule } = resolveTraining(settings);
  const { clipGradients, clipLimit, accumulateSteps, emaDecay, earlyStopping } = options;
  const extras = {
    'a learning-rate schedule': schedule.definition.type !== 'Constant',
    'accumulated gradients': accumulateSteps > 1,
    'a running average of the weights': emaDecay > 0,
    'early stopping': earlyStopping > 0,
  };
  const extra = Object.entries(extras).find(([, used]) => used)?.[0];
  if (extra) throw new EngineError('unsupported', `no PyTorch code is written for several optimizers with ${extra}`);
  const { made, terms, outputs, needsLabels } = lossLines(graph, (node) => node.layer);
  const names = groupNames(graph.groups);
  const optimizers = names.map((group) => `${group}_optimizer`);
  const batch = needsLabels ? 'inputs, labels' : 'inputs, _';
  const moved = `inputs${needsLabels ? ', labels' : ''} = inputs.to(device)${needsLabels ? ', labels.to(device)' : ''}`;
  // What a phase does not read is left unnamed.
  const called = (losses: readonly string[]) => {
    const wanted = graph.losses.flatMap(({ node, inputs }) => inputs.map(() => losses.includes(node.id)));
    return outputs.map((output, i) => (wanted[i] ? output : '_')).join(', ');
  };
  const sumOf = (losses: readonly string[]) =>
    terms.filter((_, i) => losses.includes(graph.losses[i]?.node.id ?? '')).join(' + ');
  const phases = phasesOf(graph.groups).flatMap((phase) => {
    const own = phase.map((group) => graph.groups.indexOf(group));
    const losses = phase[0]?.losses ?? [];
    return [
      `# ${own.map((i) => names[i]).join(' and ')}`,
      `${called(losses)} = model(inputs)`,
      `loss = ${sumOf(losses)}`,
      ...own.map((i) => `${optimizers[i]}.zero_grad()`),
      'loss.backward()',
      ...own.flatMap((i) => [
        ...(clipGradients === 'norm'
          ? [`torch.nn.utils.clip_grad_norm_(${optimizers[i]}.param_groups[0]["params"], ${clipLimit})`]
          : []),
        ...(clipGradients === 'value'
          ? [`torch.nn.utils.clip_grad_value_(${optimizers[i]}.param_groups[0]["params"], ${clipLimit})`]
          : []),
        `${optimizers[i]}.step()`,
      ]),
      'total += loss.item() * len(inputs)',
    ];
  });
  const everything = graph.losses.map(({ node }) => node.id as string);
  const head = ['model', 'loader', ...optimizers, 'device'].join(', ');
  return [
    ...made,
    ...(made.length > 0 ? ['', ''] : []),
    `def train_epoch(${head}):`,
    ...indent([
      '"""Trains on every batch once, one group of layers after another; returns the mean of the summed losses."""',
      'model.train()',
      'total = 0.0',
      `for ${batch} in loader:`,
      ...indent([moved, ...phases]),
      'return total / len(loader.dataset)',
    ]),
    '',
    '',
    '@torch.no_grad()',
    'def evaluate(model, loader, device):',
    ...indent([
      '"""Returns the mean of the summed losses over all batches."""',
      'model.eval()',
      'total = 0.0',
      `for ${batch} in loader:`,
      ...indent([
        moved,
        `${called(everything)} = model(inputs)`,
        `loss = ${terms.join(' + ')}`,
        'total += loss.item() * len(inputs)',
      ]),
      'return total / len(loader.dataset)',
    ]),
    '',
    '',
    'def main():',
    ...indent([
      'parser = argparse.ArgumentParser()',
      `parser.add_argument("--epochs", type=int, default=${settings.epochs})`,
      `parser.add_argument("--batch-size", type=int, default=${settings.batchSize})`,
      `parser.add_argument("--seed", type=int, default=${settings.seed})`,
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
      ...graph.groups.flatMap((group, i) => [
        `${names[i]} = nn.ModuleList([${modulesOf(group, graph, modules).join(', ')}])`,
        `${optimizers[i]} = ${optimizerCall(group).replace('model.parameters()', `${names[i]}.parameters()`)}`,
      ]),
      'print(f"{sum(p.numel() for p in model.parameters()):,} parameters on {device}")',
      'for epoch in range(1, args.epochs + 1):',
      ...indent([
        `loss = train_epoch(${head.replace('loader', 'train_loader')})`,
        'test_loss = evaluate(model, test_loader, device)',
        'print(f"epoch {epoch}: loss {loss:.4f}, test loss {test_loss:.4f}")',
      ]),
    ]),
    '',
    '',
    'if __name__ == "__main__":',
    ...indent(['main()']),
  ];
}

function optimizerCall({ optimizer: { definition, parameters } }: TrainingGroup): string {
  return definition.emit.pytorch(parameters);
}

function modulesOf(group: TrainingGroup, graph: CodeGraph, modules: Modules): string[] {
  return graph.nodes.filter(({ id }) => group.nodes.includes(id)).map((node) => `model.${modules.attribute(node)}`);
}

/** Variables for the groups; the layers of none are `others`. */
function groupNames(groups: readonly TrainingGroup[]): string[] {
  const taken = new Set(['model', 'loss', 'inputs', 'labels', 'device', 'total', 'args']);
  return groups.map(({ name }) => freeName(variableName(name) || 'others', taken));
}
