import { gradients } from '../autograd/gradients.ts';
import { EngineError } from '../errors.ts';
import { ProgramBuilder } from '../ir/builder.ts';
import { sizeOf } from '../ir/shape.ts';
import type { DType, Program, Shape, Value } from '../ir/types.ts';
import { access, broadcastAccess, term } from '../kernels/access.ts';
import { binary, constant, index, load, multiply, select, unary } from '../kernels/expression.ts';
import { eachLabel } from '../layers/losses/classes.ts';
import { opDefinition } from '../ops/registry.ts';
import { emitUpdate, type UpdateOptions } from './emitUpdate.ts';
import { generatedNode } from './generatedNode.ts';
import type { GraphInference } from './infer.ts';
import { type LoweredGraph, lowerGraph, mainLoss, viewsOf, weightValues } from './lower.ts';
import type { ParameterLayout } from './parameterLayout.ts';
import { lossTerms, phasesOf, type TrainingGroup } from './trainingGroups.ts';

/** Losses and counts of the last so many steps wait on the device to be read. */
export const RING_STEPS = 256;

/** What all programs of one document share. */
export interface ProgramContext {
  readonly inference: GraphInference;
  readonly layout: ParameterLayout;
  /** The data set as it lies on the device. */
  readonly data: {
    readonly count: number;
    readonly sample: Shape;
    readonly dtype: DType;
    /** Shape of a sample's label; undefined where there are none. */
    readonly label: Shape | undefined;
    /** Numbers of classes, or numbers themselves. */
    readonly labelType: 'i32' | 'f32';
  };
}

/**
 * One whole training step: gather the batch, forward, loss, backward, update, metrics. A step whose loss is not finite
 * changes no weight, so that what caused it can still be found.
 *
 * Inputs: `samples`, `labels` (the data set; int32 classes or float32), `batch` int32 [N], `seed` and `step` int32 scalars (step 1 is the first),
 * `scalars` (the numbers of this update), `parameters`, `state:NAME`, `accumulated` and `average` (flat; each group has
 * its own, after its prefix), `weight:NAME`
 * (running statistics and frozen weights), `ring` [RING_STEPS, 2 + terms] of the loss, how many were classified right (−1
 * where nothing is) and each of several losses by itself.
 */
export function stepProgram(
  context: ProgramContext,
  groups: readonly TrainingGroup[],
  options: UpdateOptions,
  batchSize: number,
): Program {
  if (groups.length === 0) {
    throw new EngineError('bad-document', 'nothing can be trained: all layers are frozen, or none has weights');
  }
  const builder = new ProgramBuilder(opDefinition);
  const { samples, labels } = gatherBatch(builder, context, batchSize);
  const seed = builder.input('seed', { shape: [], dtype: 'i32' });
  const step = builder.input('step', { shape: [], dtype: 'i32' });
  const { layout } = context;
  const first = weightValues(builder, layout);
  const parameters = builder.inputs.find(({ name }) => name === 'parameters')!.value;
  const constants = new Set<number>();
  const ranges: { readonly value: Value; readonly offset: number }[] = [];
  const losses: Value[] = [];
  const terms = new Map<string, Value>();
  let right: Value | undefined;
  let weights: Record<string, Value> = first;
  for (const phase of phasesOf(groups)) {
    const inputs = { samples, labels, weights, mode: 'train', random: { seed, step } } as const;
    const lowered = lowerGraph(builder, context.inference, inputs);
    const own = phase[0]?.losses ?? [];
    const summed = lowered.losses.filter(({ node }) => own.includes(node));
    for (const { node, value } of summed) if (!terms.has(node)) terms.set(node, value);
    const loss = totalLoss(builder, summed);
    losses.push(loss);
    const next = { ...weights };
    // Before the update: what reads the old parameters after it would keep the new ones out of their place.
    right ??= rightOf(builder, lowered, labels);
    for (const group of phase) {
      const entries = layout.entries.filter(({ node, trainable }) => trainable && group.nodes.includes(node));
      const wanted = entries.map(({ name }) => weights[name] as Value);
      const within = <Result>(origin: string, body: () => Result) => builder.from(origin, body);
      const found = gradients(builder, builder.operations, loss, wanted, within, constants);
      const { offset: start, size } = rangeOf(context, groups, group);
      const pieces = entries.flatMap(({ offset }, i) =>
        found[i] ? [{ value: found[i], offset: offset - start }] : [],
      );
      const offsets = pieces.map(({ offset }) => offset);
      const values = pieces.map(({ value }) => value);
      const gradient = builder.op('pack', values, { offsets, size });
      const old = builder.op('view', [parameters], { offset: start, shape: [size] });
      const updated = emitUpdate(builder, group.prefix, group.optimizer, options, old, gradient, loss);
      constants.add(updated.id);
      ranges.push({ value: updated, offset: start });
      Object.assign(next, viewsOf(builder, entries, updated, start));
    }
    for (const { weight, value } of lowered.updates) {
      next[weight] = whereFinite(builder, loss, value, weights[weight] as Value);
      constants.add(next[weight].id);
    }
    weights = next;
  }
  const [whole] = ranges;
  const updated =
    ranges.length === 1 && whole?.value.type.shape[0] === layout.size
      ? whole.value
      : builder.op(
          'pack',
          ranges.map(({ value }) => value),
          { offsets: ranges.map(({ offset }) => offset), size: layout.size },
        );
  builder.write('parameters', updated);
  for (const { name, trainable } of layout.entries) {
    if (!trainable && weights[name] !== first[name]) builder.write(`weight:${name}`, weights[name] as Value);
  }
  const total = losses.reduce((sum, loss) => builder.op('add', [sum, loss]));
  const apart = lossTerms(groups).map((node) => terms.get(node) as Value);
  emitRing(builder, step, total, right ?? builder.fill([], -1), apart);
  return builder.build();
}

/** Where the weights of a group lie: those of the layers of no group are the last ones. */
export function rangeOf(
  { layout }: Pick<ProgramContext, 'layout'>,
  groups: readonly TrainingGroup[],
  group: TrainingGroup,
) {
  const place = group.prefix === '' ? layout.ranges.length - 1 : groups.indexOf(group);
  return layout.ranges[place] as { readonly offset: number; readonly size: number };
}

/** Loss and accuracy of a batch with the layers in evaluate mode, added to `totals` [3]: Σ loss·N, Σ right, Σ N. */
export function evaluationProgram(context: ProgramContext, batchSize: number): Program {
  const builder = new ProgramBuilder(opDefinition);
  const { samples, labels } = gatherBatch(builder, context, batchSize);
  const weights = weightValues(builder, context.layout);
  const lowered = lowerGraph(builder, context.inference, {
    samples,
    labels,
    weights,
    mode: 'evaluate',
    random: drawnWhenWanted(builder),
  });
  const loss = totalLoss(builder, lowered.losses);
  const right = rightOf(builder, lowered, labels) ?? builder.fill([], 0);
  const totals = builder.input('totals', { shape: [3], dtype: 'f32' });
  const dims = [3];
  const column = index(0);
  const value = select(
    binary('equal', column, constant(0)),
    multiply(load(1), constant(batchSize)),
    select(binary('equal', column, constant(1)), load(2), constant(batchSize)),
  );
  builder.write(
    'totals',
    builder.op('compute', [totals, loss, right], {
      spec: {
        kind: 'map',
        dims,
        loads: [broadcastAccess(0, dims, dims), access(1, [], dims, []), access(2, [], dims, [])],
        outputs: [binary('add', load(0), value)],
      },
    }),
  );
  return builder.build();
}

/** From `input` [N, …sample], ids or float32, to `prediction` [N, …] as a person reads it. */
export function predictionProgram(context: ProgramContext, batchSize: number): Program {
  const builder = new ProgramBuilder(opDefinition);
  const samples = builder.input('input', {
    shape: [batchSize, ...context.data.sample],
    dtype: context.data.dtype === 'i32' ? 'i32' : 'f32',
  });
  const weights = weightValues(builder, context.layout);
  const lowered = lowerGraph(
    builder,
    context.inference,
    { samples, labels: undefined, weights, mode: 'evaluate', random: drawnWhenWanted(builder) },
    false,
  );
  builder.output('prediction', mainLoss(lowered.losses).prediction);
  return builder.build();
}

/**
 * What a network makes of noise, with nothing else given: `generated` [count, …].
 * @throws EngineError `unsupported` for a document in which no layer does.
 */
export function generationProgram(context: ProgramContext, count: number): Program {
  const { inference, data } = context;
  const node = generatedNode(inference);
  if (node === undefined) {
    throw new EngineError('unsupported', 'this model makes no samples: none of its layers gives one from Noise alone');
  }
  const builder = new ProgramBuilder(opDefinition);
  const weights = weightValues(builder, context.layout);
  const samples = builder.fill([count, ...data.sample], 0);
  const random = drawnWhenWanted(builder);
  const inputs = { samples, labels: undefined, weights, mode: 'evaluate', random } as const;
  builder.output('generated', lowerGraph(builder, inference, inputs, false).outputs[node]![0]!);
  return builder.build();
}

/** Seed and step as inputs of a program that asks for them; outside of training only Noise does. */
function drawnWhenWanted(builder: ProgramBuilder): { readonly seed: Value; readonly step: Value } {
  const input = (name: 'seed' | 'step') =>
    builder.inputs.find((known) => known.name === name)?.value ?? builder.input(name, { shape: [], dtype: 'i32' });
  return {
    get seed() {
      return input('seed');
    },
    get step() {
      return input('step');
    },
  };
}

/**
 * For finding where numbers stop being finite: one output `node:ID` a node, the share of its elements that are not
 * finite, forward in train mode over the batch `batch`.
 */
export function finitenessProgram(context: ProgramContext, batchSize: number): Program {
  const builder = new ProgramBuilder(opDefinition);
  const { samples, labels } = gatherBatch(builder, context, batchSize);
  const seed = builder.input('seed', { shape: [], dtype: 'i32' });
  const step = builder.input('step', { shape: [], dtype: 'i32' });
  const lowered = lowerGraph(builder, context.inference, {
    samples,
    labels,
    weights: weightValues(builder, context.layout),
    mode: 'train',
    random: { seed, step },
  });
  for (const id of context.inference.order) {
    const value = lowered.outputs[id]?.[0];
    if (!value) continue;
    const size = sizeOf(value.type.shape);
    const flat = builder.op('reshape', [value], { shape: [size] });
    const broken = builder.op('compute', [flat], {
      spec: {
        kind: 'map',
        dims: [size],
        loads: [broadcastAccess(0, [size], [size])],
        outputs: [select(unary('isFinite', load(0)), constant(0), constant(1))],
      },
    });
    builder.output(`node:${id}`, builder.op('mean', [broken], { axes: [0], keepDims: false }));
  }
  return builder.build();
}

function gatherBatch(
  builder: ProgramBuilder,
  { data }: ProgramContext,
  batchSize: number,
): { samples: Value; labels: Value | undefined } {
  const stored = builder.input('samples', { shape: [data.count, ...data.sample], dtype: data.dtype });
  const batch = builder.input('batch', { shape: [batchSize], dtype: 'i32' });
  const rows = builder.op('takeRows', [stored, batch]);
  const samples = data.dtype === 'u8' ? builder.op('multiply', [rows, builder.fill([], 1 / 255)]) : rows;
  if (!data.label) return { samples, labels: undefined };
  const labels = builder.input('labels', { shape: [data.count, ...data.label], dtype: data.labelType });
  return { samples, labels: builder.op('takeRows', [labels, batch]) };
}

function totalLoss(builder: ProgramBuilder, losses: LoweredGraph['losses']): Value {
  const [first, ...rest] = losses.map(({ value }) => value);
  if (!first) throw new Error('a document without a loss can not be trained');
  return rest.reduce((sum, value) => builder.op('add', [sum, value]), first);
}

/**
 * How many samples of the batch the main loss's input classifies right, as a share of each sample's labels where it has
 * several; undefined where it does not classify.
 */
function rightOf(builder: ProgramBuilder, lowered: LoweredGraph, labels: Value | undefined): Value | undefined {
  const { input, prediction, classifies } = mainLoss(lowered.losses);
  // A single score is for "yes" against "no": its prediction has a column for each. Else scores order as probabilities.
  const scores = input.type.shape[1] === 1 ? prediction : input;
  if (!labels || !classifies || scores.type.shape.length !== labels.type.shape.length + 1) return undefined;
  const [rows, each] = eachLabel(builder, scores, labels);
  const right = builder.op('sum', [builder.op('correct', [rows, each])], { axes: [0], keepDims: false });
  const labelsPerSample = sizeOf(labels.type.shape.slice(1));
  return labelsPerSample === 1 ? right : builder.op('multiply', [right, builder.fill([], 1 / labelsPerSample)]);
}

function whereFinite(builder: ProgramBuilder, loss: Value, value: Value, old: Value): Value {
  const dims = value.type.shape;
  return builder.op('compute', [value, old, loss], {
    spec: {
      kind: 'map',
      dims,
      loads: [broadcastAccess(0, dims, dims), broadcastAccess(1, dims, dims), access(2, [], dims, [])],
      outputs: [select(unary('isFinite', load(2)), load(0), load(1))],
    },
  });
}

function emitRing(builder: ProgramBuilder, step: Value, loss: Value, right: Value, terms: readonly Value[]): void {
  const dims = [RING_STEPS, 2 + terms.length];
  const ring = builder.input('ring', { shape: dims, dtype: 'f32' });
  const slot = binary('modulo', load(1), constant(RING_STEPS));
  const offsets = terms.map((_, i) => i);
  const packed = terms.length > 0 ? [builder.op('pack', terms, { offsets, size: terms.length })] : [];
  const first = select(binary('equal', index(1), constant(0)), load(2), load(3));
  const value = terms.length > 0 ? select(binary('less', index(1), constant(2)), first, load(4)) : first;
  builder.write(
    'ring',
    builder.op('compute', [ring, step, loss, right, ...packed], {
      spec: {
        kind: 'map',
        dims,
        loads: [
          access(0, dims, dims, [{ terms: [term(0)] }, { terms: [term(1)] }]),
          ...[1, 2, 3].map((operand) => access(operand, [], dims, [])),
          ...packed.map(({ type }) => access(4, type.shape, dims, [{ terms: [term(1)], offset: -2 }])),
        ],
        outputs: [select(binary('equal', index(0), slot), value, load(0))],
      },
    }),
  );
}
