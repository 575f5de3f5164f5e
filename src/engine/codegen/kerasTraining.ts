import { EngineError } from '../errors.ts';
import type { TrainingSettings } from '../graph/document.ts';
import type { PythonLayer } from '../layers/defineLayer.ts';
import { resolveTraining, type Training } from '../optimizers/resolveTraining.ts';
import type { CodeGraph, CodeNode } from './codeGraph.ts';
import { indent } from './python.ts';

/** main: compile and fit, with the schedule and the options of the training. */
export function trainingLines(
  settings: TrainingSettings,
  graph: CodeGraph,
  layerOf: (node: CodeNode) => PythonLayer,
): string[] {
  const training = resolveTraining(settings);
  const losses = graph.losses.map(({ node }) => {
    const { make } = layerOf(node);
    if (make === undefined) throw new EngineError('unsupported', `no Keras loss for ${node.definition.type}`, node.id);
    return make;
  });
  const weights = graph.losses.map(({ weight }) => weight);
  const metrics = graph.losses.map(({ classifies }) => (classifies ? '["accuracy"]' : '[]'));
  const targets = (prefix: string) =>
    oneOrList(
      graph.losses.map(({ node, target }) => {
        const given = target === 'input' ? `${prefix}inputs` : `${prefix}labels`;
        return layerOf(node).target?.(given) ?? given;
      }),
    );
  const labels = graph.losses.some(({ target }) => target === 'label');
  const anyMetric = graph.losses.some(({ classifies }) => classifies);
  const { before, callbacks } = callbackLines(training);
  return [
    'def main():',
    ...indent([
      'parser = argparse.ArgumentParser()',
      `parser.add_argument("--epochs", type=int, default=${settings.epochs})`,
      `parser.add_argument("--batch-size", type=int, default=${settings.batchSize})`,
      `parser.add_argument("--seed", type=int, default=${settings.seed})`,
      'args = parser.parse_args()',
      '',
      'keras.utils.set_random_seed(args.seed)',
      `inputs, ${labels ? 'labels' : '_'} = load_split("train")`,
      `test_inputs, ${labels ? 'test_labels' : '_'} = load_split("test")`,
      '',
      'model = build_model()',
      'model.compile(',
      ...indent([
        `optimizer=${optimizerCall(training)},`,
        `loss=${oneOrList(losses)},`,
        ...(weights.some((weight) => weight !== 1) ? [`loss_weights=[${weights.join(', ')}],`] : []),
        ...(anyMetric ? [`metrics=${oneOrList(metrics)},`] : []),
      ]),
      ')',
      'model.summary()',
      ...before,
      'model.fit(',
      ...indent([
        'inputs,',
        `${targets('')},`,
        'batch_size=args.batch_size,',
        'epochs=args.epochs,',
        `validation_data=(test_inputs, ${targets('test_')}),`,
        ...(callbacks.length > 0 ? ['callbacks=[', ...indent(callbacks.map((callback) => `${callback},`)), '],'] : []),
        'verbose=2,',
      ]),
      ')',
    ]),
    '',
    '',
    'if __name__ == "__main__":',
    ...indent(['main()']),
  ];
}

/** The optimizer with what Keras has as its arguments: clipping, accumulation, the running average. */
function optimizerCall({ optimizer, options }: Training): string {
  const { clipGradients, clipLimit, accumulateSteps, emaDecay } = options;
  const made = optimizer.definition.emit.keras(optimizer.parameters);
  const more = [
    ...(clipGradients === 'norm' ? [`global_clipnorm=${clipLimit}`] : []),
    ...(clipGradients === 'value' ? [`clipvalue=${clipLimit}`] : []),
    ...(accumulateSteps > 1 ? [`gradient_accumulation_steps=${accumulateSteps}`] : []),
    ...(emaDecay > 0 ? ['use_ema=True', `ema_momentum=${emaDecay}`] : []),
  ];
  return more.length === 0 ? made : `${made.slice(0, -1)}, ${more.join(', ')})`;
}

/** Callbacks for the schedule, the average and early stopping, and what stands before `fit` for them. */
function callbackLines({ optimizer, schedule, options }: Training): { before: string[]; callbacks: string[] } {
  const { accumulateSteps, emaDecay, earlyStopping, minDelta } = options;
  const emitted = schedule.definition.emit.keras(schedule.parameters, {
    base: Number(optimizer.parameters.lr),
    epochs: 'args.epochs',
    stepsPerEpoch:
      accumulateSteps === 1
        ? '-(-len(inputs) // args.batch_size)'
        : `-(-len(inputs) // (${accumulateSteps} * args.batch_size))`,
  });
  const before: string[] = [];
  const callbacks: string[] = [];
  if (emitted && 'rate' in emitted) {
    const unit = emitted.per === 'epoch' ? 'epoch' : 'update';
    before.push('', 'def learning_rate(t):');
    before.push(...indent([`"""Learning rate of ${unit} t, the first being 0."""`, ...emitted.rate]), '');
    callbacks.push(
      emitted.per === 'epoch'
        ? 'keras.callbacks.LearningRateScheduler(lambda epoch: learning_rate(epoch))'
        : 'keras.callbacks.LambdaCallback(on_train_batch_begin=set_learning_rate)',
    );
    if (emitted.per === 'update') {
      before.push('def set_learning_rate(batch, logs=None):');
      before.push(...indent(['model.optimizer.learning_rate = learning_rate(int(model.optimizer.iterations))']), '');
    }
  } else if (emitted) callbacks.push(emitted.callback);
  if (emaDecay > 0) callbacks.push('keras.callbacks.SwapEMAWeights()');
  if (earlyStopping > 0) {
    callbacks.push(
      `keras.callbacks.EarlyStopping(patience=${earlyStopping}${minDelta > 0 ? `, min_delta=${minDelta}` : ''})`,
    );
  }
  return { before, callbacks };
}

function oneOrList(items: readonly string[]): string {
  return items.length === 1 ? (items[0] as string) : `[${items.join(', ')}]`;
}
