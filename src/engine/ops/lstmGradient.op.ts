import { f32, i32 } from '../ir/shape.ts';
import { add, constant, multiply, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { LSTM_SAVED } from './lstm.op.ts';
import {
  CellReads,
  type GradientInputs,
  gradientFromOutside,
  gradientSamples,
  recurrenceOf,
  sigmoidSlope,
  tanhSlope,
  weightRead,
  where,
} from './recurrence.ts';
import { outsideGradient, StepTable, walk } from './recurrenceReference.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    lstmGradient: GradientInputs;
  }
}

/**
 * Gradient of lstm by what its gates add up, `[T, N, 4H]`: the way back through time (Werbos 1990,
 * https://doi.org/10.1109/5.58337). Inputs: W_hh, what lstm saved, then as the attributes say.
 */
export default defineOp({
  name: 'lstmGradient',
  infer: ([weight, saved]) => {
    const [steps, rows] = saved!.shape as [number, number];
    return [f32(steps, rows, weight!.shape[0]!)];
  },
  reference: (inputs, attributes) => {
    const [weight, saved] = inputs;
    const { data } = weight!;
    const sizes = sizesOf(weight!.type.shape, saved!.type.shape);
    const { units } = sizes;
    const kept = new StepTable(sizes, LSTM_SAVED * units, saved);
    const gates = new StepTable(sizes, 4 * units);
    const memory = new StepTable(sizes, units);
    const held = new StepTable(sizes, units);
    const { by, live } = outsideGradient(sizes, inputs, attributes, 2);
    walk(sizes, !attributes.reverse, (step, row, after) => {
      const earlier = attributes.reverse ? step + 1 : step - 1;
      const before = earlier < 0 || earlier >= sizes.steps ? undefined : earlier;
      for (let unit = 0; unit < units; unit++) {
        const at = (block: number, of: number | undefined = step) => kept.get(of, row, block * units + unit);
        const [i, f, g, o, , shown] = [0, 1, 2, 3, 4, 5].map((block) => at(block)) as number[] as [
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        const fromGates = gates.product(after, row, (k) => data[k * units + unit]!);
        const state = by(step, row, unit) + fromGates + held.get(after, row, unit);
        const cell = memory.get(after, row, unit) + state * o * (1 - shown * shown);
        const last = before === undefined ? 0 : at(4, before);
        const own = [
          cell * g * i * (1 - i),
          cell * last * f * (1 - f),
          cell * i * (1 - g * g),
          state * shown * o * (1 - o),
        ];
        const alive = live(step, row);
        for (const [gate, value] of own.entries()) gates.set(step, row, gate * units + unit, alive ? value : 0);
        memory.set(step, row, unit, alive ? cell * f : memory.get(after, row, unit));
        held.set(step, row, unit, alive ? 0 : state);
      }
    });
    return [gates.rounded()];
  },
  gradient: 'none',
  lower: (inputs, attributes) => {
    const [weight, saved] = inputs;
    const sizes = sizesOf(weight!.shape, saved!.shape);
    const reads = new CellReads(sizes);
    const [i, f, g, o] = [0, 1, 2, 3].map((block) => reads.block(1, block, LSTM_SAVED));
    const shown = reads.block(1, 5, LSTM_SAVED);
    const last = reads.block(1, 4, LSTM_SAVED, attributes.reverse ? 1 : -1);
    const mask = attributes.masked ? reads.mask(inputs.length - 1) : undefined;
    const outside = gradientFromOutside(reads, attributes, sizes, 2);
    const memory = stage(5);
    const held = mask ? [stage(6)] : [];
    const state = [...outside, ...held].reduce(add, stage(0));
    const cell = add(memory, multiply(multiply(state, o!), tanhSlope(shown)));
    const gates = [
      multiply(multiply(cell, g!), sigmoidSlope(i!)),
      multiply(multiply(cell, last), sigmoidSlope(f!)),
      multiply(multiply(cell, i!), tanhSlope(g!)),
      multiply(multiply(state, shown), sigmoidSlope(o!)),
    ];
    return {
      kind: 'scan',
      dims: [sizes.steps, sizes.rows, sizes.units],
      reverse: !attributes.reverse,
      weight: weightRead(0, weight!.shape, 'backward'),
      groups: 1,
      loads: reads.loads,
      carried: [where(mask, multiply(cell, f!), memory), ...(mask ? [where(mask, constant(0), state)] : [])],
      results: [{ over: 'steps', values: gates.map((gate) => where(mask, gate, constant(0))) }],
    };
  },
  samples: [
    { reverse: false, byStates: true, byLast: true, masked: false },
    { reverse: true, byStates: true, byLast: false, masked: true },
    { reverse: false, byStates: false, byLast: true, masked: true },
  ].map((attributes) => ({
    inputs: [
      f32(16, 4),
      f32(3, 2, LSTM_SAVED * 4),
      ...gradientSamples({ steps: 3, rows: 2, units: 4 }, { ...attributes, masked: false }),
      ...(attributes.masked ? [i32(3, 2)] : []),
    ],
    attributes,
    draw: ['normal', 'unit', 'normal', attributes.masked ? { ids: 2 } : 'normal'] as const,
  })),
});

function sizesOf(weight: readonly number[], saved: readonly number[]) {
  const [steps, rows] = saved as readonly [number, number];
  return recurrenceOf([steps, rows, weight[0]!], weight, 4);
}
