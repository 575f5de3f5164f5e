import type { ProgramBuilder } from '../ir/builder.ts';
import type { TensorType, Value } from '../ir/types.ts';
import { access, broadcastAccess } from '../kernels/access.ts';
import {
  add,
  binary,
  constant,
  divide,
  type Expression,
  load,
  multiply,
  select,
  sqrt,
  subtract,
  unary,
} from '../kernels/expression.ts';
import { type OptimizerChoice, optimizerUpdate } from './optimizerUpdate.ts';

/** What happens to gradients before the optimizer's step, and to weights after it. */
export interface UpdateOptions {
  readonly clipGradients: 'none' | 'norm' | 'value';
  readonly clipLimit: number;
  /** Batches whose gradients are averaged for one update. */
  readonly accumulateSteps: number;
  /** 0: no running average of the weights. */
  readonly emaDecay: number;
}

/** Names of the flat buffers that an update keeps besides the parameters, after the prefix of its group. */
export function updateState({ definition, parameters }: OptimizerChoice, options: UpdateOptions): string[] {
  return [
    ...definition.state(parameters).map((name) => `state:${name}`),
    ...(options.accumulateSteps > 1 ? ['accumulated'] : []),
    ...(options.emaDecay > 0 ? ['average'] : []),
  ];
}

/** Numbers a step in `scalars`: the optimizer's, whether to update now (0 or 1), how much of the average stays. */
export const scalarCount = ({ definition }: OptimizerChoice): number => definition.scalars.length + 2;

/**
 * The update as maps over flat buffers: gather gradients of several batches, clip, the optimizer's step, the running
 * average. Nothing changes in a step whose loss is not finite. Gives the new parameters.
 * @param prefix before the names of the buffers
 * @param old the parameters of this group, flat
 */
export function emitUpdate(
  builder: ProgramBuilder,
  prefix: string,
  optimizer: OptimizerChoice,
  options: UpdateOptions,
  old: Value,
  gradient: Value,
  loss: Value,
): Value {
  const { definition, parameters } = optimizer;
  const names = definition.state(parameters);
  const [size] = old.type.shape as [number];
  const flat: TensorType = { shape: [size], dtype: 'f32' };
  const count = scalarCount(optimizer);
  const scalars = builder.input(`${prefix}scalars`, { shape: [count], dtype: 'f32' });
  const state = names.map((name) => builder.input(`${prefix}state:${name}`, flat));
  const accumulates = options.accumulateSteps > 1;
  const gathered = accumulates
    ? gather(builder, prefix, gradient, scalars, loss, count - 2, options.accumulateSteps)
    : gradient;
  const clipped = clip(builder, gathered, options);
  const results = builder.ops('compute', [old, clipped, ...state, scalars, loss], {
    spec: optimizerUpdate(optimizer, size, { scalars: count, ...(accumulates ? { gate: count - 2 } : {}) }),
  });
  const updated = results[0] as Value;
  names.forEach((name, i) => {
    builder.write(`${prefix}state:${name}`, results[1 + i] as Value);
  });
  if (options.emaDecay > 0) average(builder, prefix, updated, scalars, loss, count - 2);
  return updated;
}

/** Operands 0 and 1 are flat, 2 is `scalars`, 3 the loss; then the scalar of place `gate`, the one after it, the loss. */
function flatMap(
  builder: ProgramBuilder,
  size: number,
  operands: readonly Value[],
  gate: number,
  value: Expression,
): Value {
  const dims = [size];
  const scalar = (place: number) => access(2, operands[2]!.type.shape, dims, [{ terms: [], offset: place }]);
  return builder.op('compute', operands, {
    spec: {
      kind: 'map',
      dims,
      loads: [
        broadcastAccess(0, dims, dims),
        broadcastAccess(1, dims, dims),
        scalar(gate),
        scalar(gate + 1),
        access(3, [], dims, []),
      ],
      outputs: [value],
    },
  });
}

const lossIsFinite = unary('isFinite', load(4));

/** The mean of this batch's gradient and of those that wait; what waits begins anew after an update. */
function gather(
  builder: ProgramBuilder,
  prefix: string,
  gradient: Value,
  scalars: Value,
  loss: Value,
  gate: number,
  batches: number,
): Value {
  const [size] = gradient.type.shape as [number];
  const waiting = builder.input(`${prefix}accumulated`, { shape: [size], dtype: 'f32' });
  const operands = [waiting, gradient, scalars, loss];
  const sum = add(load(0), multiply(load(1), constant(1 / batches)));
  const kept = select(lossIsFinite, select(load(2), constant(0), sum), load(0));
  builder.write(`${prefix}accumulated`, flatMap(builder, size, operands, gate, kept));
  return flatMap(builder, size, operands, gate, sum);
}

/** torch.nn.utils.clip_grad_norm_ and clip_grad_value_. */
function clip(builder: ProgramBuilder, gradient: Value, { clipGradients, clipLimit }: UpdateOptions): Value {
  switch (clipGradients) {
    case 'none':
      return gradient;
    case 'value': {
      const low = builder.op('maximum', [gradient, builder.fill([], -clipLimit)]);
      return builder.op('minimum', [low, builder.fill([], clipLimit)]);
    }
    case 'norm': {
      const squares = builder.op('sum', [builder.op('square', [gradient])], { axes: [0], keepDims: false });
      const norm = add(sqrt(load(0)), constant(1e-6));
      const factor = builder.op('compute', [squares], {
        spec: {
          kind: 'map',
          dims: [],
          loads: [broadcastAccess(0, [], [])],
          outputs: [binary('minimum', divide(constant(clipLimit), norm), constant(1))],
        },
      });
      return builder.op('multiply', [gradient, factor]);
    }
  }
}

/** `decay · average + (1 − decay) · weights` after an update. */
function average(
  builder: ProgramBuilder,
  prefix: string,
  updated: Value,
  scalars: Value,
  loss: Value,
  gate: number,
): void {
  const [size] = updated.type.shape as [number];
  const old = builder.input(`${prefix}average`, { shape: [size], dtype: 'f32' });
  const mixed = add(multiply(load(3), load(0)), multiply(subtract(constant(1), load(3)), load(1)));
  const applied = select(lossIsFinite, select(load(2), mixed, load(0)), load(0));
  builder.write(`${prefix}average`, flatMap(builder, size, [old, updated, scalars, loss], gate, applied));
}
