import type { TrainingSettings } from '../graph/document.ts';
import type { PythonLayer } from '../layers/defineLayer.ts';
import { resolveTraining, type Training } from '../optimizers/resolveTraining.ts';
import type { PytorchSchedule } from '../optimizers/schedules/defineSchedule.ts';
import type { CodeGraph, CodeNode } from './codeGraph.ts';
import { indent } from './python.ts';

/** The classes of optimizers that torch.optim has not, each with two empty lines after it. */
export function optimizerClass(settings: TrainingSettings): string[] {
  const chosen = [
    resolveTraining(settings).optimizer,
    ...(settings.groups ?? []).map((group) => resolveTraining({ ...settings, optimizer: group.optimizer }).optimizer),
  ];
  const sources = new Set(chosen.flatMap(({ definition }) => definition.emit.pytorchClass ?? []));
  return [...sources].flatMap((source) => [...source.trimEnd().split('\n'), '', '']);
}

/** Losses, a training and an evaluation function, and main. */
export function trainingLines(
  name: string,
  settings: TrainingSettings,
  graph: CodeGraph,
  layerOf: (node: CodeNode) => PythonLayer,
): string[] {
  const training = resolveTraining(settings);
  const schedule = scheduleOf(training);
  const { made, terms, outputs, answers, needsLabels, steps } = lossLines(graph, layerOf);
  const batch = needsLabels ? 'inputs, labels' : 'inputs, _';
  const forward = [
    `inputs${needsLabels ? ', labels' : ''} = inputs.to(device)${needsLabels ? ', labels.to(device)' : ''}`,
    `${outputs.join(', ')} = model(inputs)`,
    `loss = ${terms.join(' + ')}`,
  ];
  const extras = [
    ...(schedule?.per === 'update' ? ['scheduler'] : []),
    ...(training.options.emaDecay > 0 ? ['averaged'] : []),
  ];
  const head = ['model', 'loader', 'optimizer', 'device', ...extras].join(', ');
  return [
    ...made,
    ...(made.length > 0 ? ['', ''] : []),
    `def train_epoch(${head}):`,
    ...indent([
      '"""Trains on every batch once; returns the mean loss."""',
      'model.train()',
      'total = 0.0',
      ...batchLines(batch, forward, training, extras),
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
      `for ${batch} in loader:`,
      ...indent([
        ...forward,
        'total += loss.item() * len(inputs)',
        ...(answers
          ? [
              `correct += (${answers}.argmax(dim=${steps ? -1 : 1}) == labels).${steps ? 'float().mean(dim=1).' : ''}sum().item()`,
            ]
          : []),
      ]),
      'count = len(loader.dataset)',
      `return total / count${answers ? ', correct / count' : ''}`,
    ]),
    '',
    '',
    'def main():',
    ...indent(mainLines(name, settings, training, schedule, head, answers !== undefined)),
    '',
    '',
    'if __name__ == "__main__":',
    ...indent(['main()']),
  ];
}

/** The losses as modules, their terms in the sum, and what the network's outputs are called. */
export function lossLines({ losses }: CodeGraph, layerOf: (node: CodeNode) => PythonLayer) {
  const lossNames = losses.length === 1 ? ['loss_fn'] : losses.map(({ node }) => `${node.name}_fn`);
  const outputsOf = losses.map(({ node, inputs }) => {
    const prefix = losses.length > 1 ? `${node.name}_` : '';
    if (inputs.length > 1) return node.definition.inputs.map((port) => `${prefix}${port.name}`);
    return [losses.length === 1 ? 'outputs' : `${prefix}input`];
  });
  const made = losses.flatMap(({ node }, i) => {
    const { make } = layerOf(node);
    return make === undefined ? [] : [`${lossNames[i]} = ${make}`];
  });
  const terms = losses.map(({ node, target, weight }, i) => {
    const layer = layerOf(node);
    const given = target === 'input' ? 'inputs' : 'labels';
    const term = layer.apply(lossNames[i] as string, [...(outputsOf[i] as string[]), layer.target?.(given) ?? given]);
    return weight === 1 ? term : `${weight} * ${term}`;
  });
  const classified = losses.findIndex(({ classifies }) => classifies);
  return {
    made,
    terms,
    outputs: outputsOf.flat(),
    answers: outputsOf[classified]?.[0],
    /** Whether each sample has a label at each of several steps. */
    steps: (losses[0]?.node.context.data.label ?? []).length > 0,
    needsLabels: losses.some(({ target }) => target === 'label'),
  };
}

function batchLines(
  batch: string,
  forward: readonly string[],
  { options }: Training,
  extras: readonly string[],
): string[] {
  const { clipGradients, clipLimit, accumulateSteps } = options;
  const update = [
    ...(clipGradients === 'norm' ? [`torch.nn.utils.clip_grad_norm_(model.parameters(), ${clipLimit})`] : []),
    ...(clipGradients === 'value' ? [`torch.nn.utils.clip_grad_value_(model.parameters(), ${clipLimit})`] : []),
    'optimizer.step()',
    ...(extras.includes('scheduler') ? ['scheduler.step()'] : []),
    ...(extras.includes('averaged') ? ['averaged.update_parameters(model)'] : []),
  ];
  const counted = 'total += loss.item() * len(inputs)';
  if (accumulateSteps === 1) {
    return [
      `for ${batch} in loader:`,
      ...indent([...forward, 'optimizer.zero_grad()', 'loss.backward()', ...update, counted]),
    ];
  }
  return [
    `for batch, (${batch}) in enumerate(loader, start=1):`,
    ...indent([
      ...forward,
      `(loss / ${accumulateSteps}).backward()`,
      `if batch % ${accumulateSteps} == 0 or batch == len(loader):`,
      ...indent([...update, 'optimizer.zero_grad()']),
      counted,
    ]),
  ];
}

function scheduleOf({ optimizer, schedule, options }: Training): PytorchSchedule | undefined {
  const { accumulateSteps } = options;
  return schedule.definition.emit.pytorch(schedule.parameters, {
    base: Number(optimizer.parameters.lr),
    epochs: 'args.epochs',
    stepsPerEpoch: accumulateSteps === 1 ? 'len(train_loader)' : `-(-len(train_loader) // ${accumulateSteps})`,
  });
}

function mainLines(
  name: string,
  settings: TrainingSettings,
  { optimizer, options }: Training,
  schedule: PytorchSchedule | undefined,
  trainArguments: string,
  classifies: boolean,
): string[] {
  const { emaDecay, earlyStopping, minDelta } = options;
  const evaluated = emaDecay > 0 ? 'averaged' : 'model';
  const better = minDelta > 0 ? `best - ${minDelta}` : 'best';
  return [
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
    `optimizer = ${optimizer.definition.emit.pytorch(optimizer.parameters)}`,
    ...(schedule ? [`scheduler = ${schedule.make}`] : []),
    ...(emaDecay > 0 ? [`averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(${emaDecay}))`] : []),
    'print(f"{sum(p.numel() for p in model.parameters()):,} parameters on {device}")',
    ...(earlyStopping > 0 ? ['best, waited = float("inf"), 0'] : []),
    'for epoch in range(1, args.epochs + 1):',
    ...indent([
      `loss = train_epoch(${trainArguments.replace('loader', 'train_loader')})`,
      ...(classifies
        ? [
            `test_loss, accuracy = evaluate(${evaluated}, test_loader, device)`,
            'print(f"epoch {epoch}: loss {loss:.4f}, test loss {test_loss:.4f}, test accuracy {accuracy:.2%}")',
          ]
        : [
            `test_loss = evaluate(${evaluated}, test_loader, device)`,
            'print(f"epoch {epoch}: loss {loss:.4f}, test loss {test_loss:.4f}")',
          ]),
      ...(schedule?.per === 'epoch' ? ['scheduler.step()'] : []),
      ...(schedule?.per === 'loss' ? ['scheduler.step(test_loss)'] : []),
      ...(earlyStopping > 0
        ? [
            `waited = 0 if test_loss < ${better} else waited + 1`,
            ...(minDelta > 0 ? ['if waited == 0:', '    best = test_loss'] : ['best = min(best, test_loss)']),
            `if waited >= ${earlyStopping}:`,
            '    break',
          ]
        : []),
    ]),
  ];
}
