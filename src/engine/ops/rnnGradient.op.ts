import { f32, i32 } from '../ir/shape.ts';
import { add, binary, constant, multiply, select, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import {
  CellReads,
  type GradientInputs,
  gradientFromOutside,
  gradientSamples,
  recurrenceOf,
  tanhSlope,
  weightRead,
  where,
} from './recurrence.ts';
import { outsideGradient, StepTable, walk } from './recurrenceReference.ts';
import type { RnnFunction } from './rnn.op.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    rnnGradient: GradientInputs & { readonly nonlinearity: RnnFunction };
  }
}

/** Gradient of rnn by what is summed before the nonlinearity, `[T, N, H]`. Inputs: W_hh, states, then as the attributes say. */
export default defineOp({
  name: 'rnnGradient',
  infer: ([, states]) => [f32(...states!.shape)],
  reference: (inputs, attributes) => {
    const [weight, states] = inputs;
    const sizes = recurrenceOf(states!.type.shape, weight!.type.shape, 1);
    const { units } = sizes;
    const given = new StepTable(sizes, units, states);
    const sums = new StepTable(sizes, units);
    const held = new StepTable(sizes, units);
    const { by, live } = outsideGradient(sizes, inputs, attributes, 2);
    walk(sizes, !attributes.reverse, (step, row, after) => {
      for (let unit = 0; unit < units; unit++) {
        const share = sums.product(after, row, (k) => weight!.data[k * units + unit]!);
        const state = by(step, row, unit) + share + held.get(after, row, unit);
        const y = given.get(step, row, unit);
        const slope = attributes.nonlinearity === 'tanh' ? 1 - y * y : Number(y > 0);
        sums.set(step, row, unit, live(step, row) ? state * slope : 0);
        held.set(step, row, unit, live(step, row) ? 0 : state);
      }
    });
    return [sums.rounded()];
  },
  gradient: 'none',
  lower: (inputs, attributes) => {
    const [weight, states] = inputs;
    const sizes = recurrenceOf(states!.shape, weight!.shape, 1);
    const reads = new CellReads(sizes);
    const y = reads.block(1, 0, 1);
    const mask = attributes.masked ? reads.mask(inputs.length - 1) : undefined;
    const outside = gradientFromOutside(reads, attributes, sizes, 2);
    const state = [...outside, ...(mask ? [stage(2)] : [])].reduce(add, stage(0));
    const sum =
      attributes.nonlinearity === 'tanh'
        ? multiply(state, tanhSlope(y))
        : select(binary('greater', y, constant(0)), state, constant(0));
    return {
      kind: 'scan',
      dims: [sizes.steps, sizes.rows, sizes.units],
      reverse: !attributes.reverse,
      weight: weightRead(0, weight!.shape, 'backward'),
      groups: 1,
      loads: reads.loads,
      carried: mask ? [where(mask, constant(0), state)] : [],
      results: [{ over: 'steps', values: [where(mask, sum, constant(0))] }],
    };
  },
  samples: [
    { reverse: false, byStates: true, byLast: true, masked: false, nonlinearity: 'tanh' } as const,
    { reverse: true, byStates: true, byLast: false, masked: true, nonlinearity: 'tanh' } as const,
    { reverse: false, byStates: false, byLast: true, masked: true, nonlinearity: 'relu' } as const,
  ].map((attributes) => ({
    inputs: [
      f32(4, 4),
      f32(3, 2, 4),
      ...gradientSamples({ steps: 3, rows: 2, units: 4 }, { ...attributes, masked: false }),
      ...(attributes.masked ? [i32(3, 2)] : []),
    ],
    attributes,
    draw: ['normal', 'normal', 'normal', attributes.masked ? { ids: 2 } : 'normal'] as const,
  })),
});
