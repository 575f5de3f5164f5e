import { EngineError } from '../errors.ts';
import type { NodeId } from '../graph/document.ts';
import type { ProgramBuilder } from '../ir/builder.ts';
import type { NodeEmitter } from '../ir/emitter.ts';
import type { Value } from '../ir/types.ts';
import type { LossTarget } from '../layers/defineLayer.ts';
import { lossTarget, lossWeight } from '../layers/lossTarget.ts';
import type { GraphInference } from './infer.ts';
import type { ParameterLayout } from './parameterLayout.ts';

export interface LowerInputs {
  /** Float32 batch, `[N, …sample]`. */
  readonly samples: Value;
  /** Int32 `[N]`, or float32 where numbers are predicted; absent where the data has no labels or a prediction needs none. */
  readonly labels: Value | undefined;
  readonly weights: Readonly<Record<string, Value>>;
  readonly mode: 'train' | 'evaluate';
  /** Int32 scalars that random ops draw from; needed in train mode. */
  readonly random: { readonly seed: Value; readonly step: Value } | undefined;
}

export interface LoweredLoss {
  readonly node: NodeId;
  /** Scalar. */
  readonly value: Value;
  /** What the loss was given: the network's output. */
  readonly input: Value;
  /** The same as a person reads it: probabilities. */
  readonly prediction: Value;
  readonly target: LossTarget;
  /** Whether the largest number of the input is the class that is meant. */
  readonly classifies: boolean;
}

export interface LoweredGraph {
  readonly losses: readonly LoweredLoss[];
  /** Values at the output ports of each node, by node id. */
  readonly outputs: Readonly<Record<string, readonly Value[]>>;
  /** New contents of weights that are not trainable, by weight name; train mode only. */
  readonly updates: readonly { readonly weight: string; readonly value: Value }[];
}

/** Emits the forward pass of a document: each layer's `lower`, in topological order. `withLosses` false leaves targets out. */
export function lowerGraph(
  emit: NodeEmitter,
  inference: GraphInference,
  inputs: LowerInputs,
  withLosses = true,
): LoweredGraph {
  const outputs: Record<string, readonly Value[]> = {};
  const updates = new Map<string, Value>();
  const losses: LoweredLoss[] = [];
  // A layer that is applied several times finds the statistics that the application before it left.
  const current = { ...inputs.weights };
  let stream = 0;
  for (const id of inference.order) {
    const entry = inference.nodes[id];
    if (!entry?.layer || !entry.inference) throw new EngineError('bad-document', `node "${id}" can't be compiled`, id);
    const { layer: definition, parameters } = entry;
    const received = entry.sources.map(({ node, output }) => {
      const value = outputs[node]?.[output];
      if (!value) throw new EngineError('unconnected', `node "${id}" reads a wire that carries nothing`, id);
      return value;
    });
    const isLoss = definition.role === 'loss';
    const target = isLoss ? lossTarget(definition, parameters) : 'none';
    const classifies = target === 'label' && inference.data.classes > 0 && definition.classifies !== false;
    if (isLoss && !withLosses) {
      const input = received[0] as Value;
      const prediction = emit.from(id, () => definition.prediction?.(emit, input, parameters) ?? input);
      losses.push({ node: id, value: input, input, prediction, target, classifies });
      continue;
    }
    const weights: Record<string, Value> = {};
    const owner = entry.shares ?? id;
    for (const { name } of entry.inference.weights) weights[name] = current[`${owner}.${name}`] as Value;
    const results = emit.from(id, () =>
      definition.lower({
        emit,
        inputs: definition.role === 'input' ? [inputs.samples] : received,
        ports: entry.ports,
        parameters,
        weights,
        mode: inputs.mode,
        target: { label: inputs.labels, input: inputs.samples, none: undefined }[target],
        update: (weight, value) => {
          current[`${owner}.${weight}`] = value;
          updates.set(`${owner}.${weight}`, value);
        },
        random: () => {
          if (!inputs.random)
            throw new EngineError('bad-document', `layer "${id}" draws random numbers outside of training`, id);
          return { ...inputs.random, stream: stream++ };
        },
      }),
    );
    outputs[id] = results;
    if (isLoss) {
      const input = received[0] as Value;
      const prediction = emit.from(id, () => definition.prediction?.(emit, input, parameters) ?? input);
      const factor = lossWeight(parameters);
      const value = emit.from(id, () => scaled(emit, results[0] as Value, factor));
      losses.push({ node: id, value, input, prediction, target, classifies });
    }
  }
  return { losses, outputs, updates: [...updates].map(([weight, value]) => ({ weight, value })) };
}

function scaled(emit: NodeEmitter, value: Value, factor: number): Value {
  return factor === 1 ? value : emit.op('multiply', [value, emit.fill([], factor)]);
}

/** The loss that predictions are read from: one that classifies, else one on labels or samples, else the first. */
export function mainLoss(losses: readonly LoweredLoss[]): LoweredLoss {
  const loss =
    losses.find(({ classifies }) => classifies) ?? losses.find(({ target }) => target !== 'none') ?? losses[0];
  if (!loss) throw new EngineError('bad-document', 'a document without a loss can not be trained');
  return loss;
}

/** The weights of a program as values: trainable ones are views of the flat buffer `parameters`, the others inputs of their own. */
export function weightValues(builder: ProgramBuilder, layout: ParameterLayout): Record<string, Value> {
  const flat = builder.input('parameters', { shape: [layout.size], dtype: 'f32' });
  const others = layout.entries
    .filter(({ trainable }) => !trainable)
    .map(({ name, shape }) => [name, builder.input(`weight:${name}`, { shape, dtype: 'f32' })] as const);
  return { ...Object.fromEntries(others), ...viewsOf(builder, layout.entries, flat, 0) };
}

/** Trainable weights as views of a flat value that begins at element `start` of the layout. */
export function viewsOf(
  builder: ProgramBuilder,
  entries: ParameterLayout['entries'],
  flat: Value,
  start: number,
): Record<string, Value> {
  return Object.fromEntries(
    entries
      .filter(({ trainable }) => trainable)
      .map(({ name, shape, offset }) => [name, builder.op('view', [flat], { offset: offset - start, shape })]),
  );
}
