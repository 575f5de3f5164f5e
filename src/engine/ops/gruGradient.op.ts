import { f32, i32 } from '../ir/shape.ts';
import { add, constant, multiply, stage, subtract } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { GRU_SAVED } from './gru.op.ts';
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
    gruGradient: GradientInputs;
  }
}

/**
 * Gradients of gru by the state's share of its gates and by the inputs' share, both `[T, N, 3H]`; they differ in the
 * candidate, whose share of the state the reset gate scales. Inputs: W_hh, what gru saved, states, then as the attributes
 * say.
 */
export default defineOp({
  name: 'gruGradient',
  infer: ([weight, saved]) => {
    const [steps, rows] = saved!.shape as [number, number];
    return [f32(steps, rows, weight!.shape[0]!), f32(steps, rows, weight!.shape[0]!)];
  },
  reference: (inputs, attributes) => {
    const [weight, saved, states] = inputs;
    const { data } = weight!;
    const sizes = sizesOf(weight!.type.shape, saved!.type.shape);
    const { units } = sizes;
    const kept = new StepTable(sizes, GRU_SAVED * units, saved);
    const hidden = new StepTable(sizes, units, states);
    const share = new StepTable(sizes, 3 * units);
    const own = new StepTable(sizes, 3 * units);
    const held = new StepTable(sizes, units);
    const { by, live } = outsideGradient(sizes, inputs, attributes, 3);
    walk(sizes, !attributes.reverse, (step, row, after) => {
      const earlier = attributes.reverse ? step + 1 : step - 1;
      const before = earlier < 0 || earlier >= sizes.steps ? undefined : earlier;
      for (let unit = 0; unit < units; unit++) {
        const [r, z, n, q] = [0, 1, 2, 3].map((block) => kept.get(step, row, block * units + unit)) as [
          number,
          number,
          number,
          number,
        ];
        const fromGates = share.product(after, row, (k) => data[k * units + unit]!);
        const state = by(step, row, unit) + fromGates + held.get(after, row, unit);
        const candidate = state * (1 - z) * (1 - n * n);
        const alive = live(step, row) ? 1 : 0;
        const reset = candidate * q * r * (1 - r) * alive;
        const keep = state * (hidden.get(before, row, unit) - n) * z * (1 - z) * alive;
        for (const [gate, value] of [reset, keep, candidate * r * alive].entries())
          share.set(step, row, gate * units + unit, value);
        for (const [gate, value] of [reset, keep, candidate * alive].entries())
          own.set(step, row, gate * units + unit, value);
        held.set(step, row, unit, alive ? state * z : state);
      }
    });
    return [share.rounded(), own.rounded()];
  },
  gradient: 'none',
  lower: (inputs, attributes) => {
    const [weight, saved] = inputs;
    const sizes = sizesOf(weight!.shape, saved!.shape);
    const reads = new CellReads(sizes);
    const [r, z, n, q] = reads.blocks(1, GRU_SAVED) as [Kept, Kept, Kept, Kept];
    const before = reads.block(2, 0, 1, attributes.reverse ? 1 : -1);
    const mask = attributes.masked ? reads.mask(inputs.length - 1) : undefined;
    const outside = gradientFromOutside(reads, attributes, sizes, 3);
    const state = [...outside, stage(4)].reduce(add, stage(0));
    const alive = (value: Kept) => where(mask, value, constant(0));
    const candidate = alive(multiply(multiply(state, subtract(constant(1), z)), tanhSlope(n)));
    const reset = multiply(multiply(candidate, q), sigmoidSlope(r));
    const keep = alive(multiply(multiply(state, subtract(before, n)), sigmoidSlope(z)));
    return {
      kind: 'scan',
      dims: [sizes.steps, sizes.rows, sizes.units],
      reverse: !attributes.reverse,
      weight: weightRead(0, weight!.shape, 'backward'),
      groups: 1,
      loads: reads.loads,
      carried: [where(mask, multiply(state, z), state)],
      results: [
        { over: 'steps', values: [reset, keep, multiply(candidate, r)] },
        { over: 'steps', values: [reset, keep, candidate] },
      ],
    };
  },
  samples: [
    { reverse: false, byStates: true, byLast: true, masked: false },
    { reverse: true, byStates: true, byLast: false, masked: true },
    { reverse: false, byStates: false, byLast: true, masked: true },
  ].map((attributes) => ({
    inputs: [
      f32(12, 4),
      f32(3, 2, GRU_SAVED * 4),
      f32(3, 2, 4),
      ...gradientSamples({ steps: 3, rows: 2, units: 4 }, { ...attributes, masked: false }),
      ...(attributes.masked ? [i32(3, 2)] : []),
    ],
    attributes,
    draw: ['normal', 'unit', 'normal', 'normal', attributes.masked ? { ids: 2 } : 'normal'] as const,
  })),
});

type Kept = ReturnType<CellReads['block']>;

function sizesOf(weight: readonly number[], saved: readonly number[]) {
  const [steps, rows] = saved as readonly [number, number];
  return recurrenceOf([steps, rows, weight[0]!], weight, 3);
}
