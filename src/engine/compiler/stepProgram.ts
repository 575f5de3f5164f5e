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
import type { GraphInference } from './infer.ts';
import { type LoweredGraph, lowerGraph, mainLoss, weightValues } from './lower.ts';
import type { OptimizerChoice } from './optimizerUpdate.ts';
import type { ParameterLayout } from './parameterLayout.ts';

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
  };
}

/**
 * One whole training step: gather the batch, forward, loss, backward, update, metrics. A step whose loss is not finite
 * changes no weight, so that what caused it can still be found.
 *
 * Inputs: `samples`, `labels` (the data set), `batch` int32 [N], `seed` and `step` int32 scalars (step 1 is the first),
 * `scalars` (the numbers of this update), `parameters`, `state:NAME`, `accumulated` and `average` (flat), `weight:NAME`
 * (running statistics and frozen weights), `ring` [RING_STEPS, 2] of the loss and how many were classified right (−1 where nothing is).
 */
export function stepProgram(
  context: ProgramContext,
  optimizer: OptimizerChoice,
  options: UpdateOptions,
  batchSize: number,
): Program {
  const builder = new ProgramBuilder(opDefinition);
  const { samples, labels } = gatherBatch(builder, context, batchSize);
  const seed = builder.input('seed', { shape: [], dtype: 'i32' });
  const step = builder.input('step', { shape: [], dtype: 'i32' });
  const weights = weightValues(builder, context.layout);
  const lowered = lowerGraph(builder, context.inference, {
    samples,
    labels,
    weights,
    mode: 'train',
    random: { seed, step },
  });
  const loss = totalLoss(builder, lowered);

  const trainable = context.layout.entries.filter((entry) => entry.trainable);
  const wanted = trainable.map(({ name }) => weights[name] as Value);
  const found = gradients(builder, builder.operations, loss, wanted, (origin, body) => builder.from(origin, body));
  if (trainable.length === 0) {
    throw new EngineError('bad-document', 'nothing can be trained: all layers are frozen, or none has weights');
  }
  const pieces = trainable.flatMap(({ offset }, i) => (found[i] ? [{ value: found[i], offset }] : []));
  const gradient = builder.op(
    'pack',
    pieces.map(({ value }) => value),
    {
      offsets: pieces.map(({ offset }) => offset),
      size: context.layout.size,
    },
  );
  // Before the update: what reads the old parameters after it would keep the new ones out of their place.
  const right = rightOf(builder, lowered, labels) ?? builder.fill([], -1);
  emitUpdate(builder, context.layout.size, optimizer, options, gradient, loss);
  for (const { weight, value } of lowered.updates) {
    const old = weights[weight] as Value;
    builder.write(`weight:${weight}`, whereFinite(builder, loss, value, old));
  }
  emitRing(builder, step, loss, right);
  return builder.build();
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
    random: undefined,
  });
  const loss = totalLoss(builder, lowered);
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
    { samples, labels: undefined, weights, mode: 'evaluate', random: undefined },
    false,
  );
  builder.output('prediction', mainLoss(lowered.losses).prediction);
  return builder.build();
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
  const labels = builder.input('labels', { shape: [data.count, ...data.label], dtype: 'i32' });
  return { samples, labels: builder.op('takeRows', [labels, batch]) };
}

function totalLoss(builder: ProgramBuilder, { losses }: LoweredGraph): Value {
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

function emitRing(builder: ProgramBuilder, step: Value, loss: Value, right: Value): void {
  const dims = [RING_STEPS, 2];
  const ring = builder.input('ring', { shape: dims, dtype: 'f32' });
  const slot = binary('modulo', load(1), constant(RING_STEPS));
  const value = select(binary('equal', index(1), constant(0)), load(2), load(3));
  builder.write(
    'ring',
    builder.op('compute', [ring, step, loss, right], {
      spec: {
        kind: 'map',
        dims,
        loads: [
          access(0, dims, dims, [{ terms: [term(0)] }, { terms: [term(1)] }]),
          ...[1, 2, 3].map((operand) => access(operand, [], dims, [])),
        ],
        outputs: [select(binary('equal', index(0), slot), value, load(0))],
      },
    }),
  );
}
