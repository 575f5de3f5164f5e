import { f32, i32 } from '../ir/shape.ts';
import { add, multiply, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import {
  CellReads,
  gradientInputs,
  recurrenceOf,
  sigmoidOf,
  tanhOf,
  weightGradient,
  weightRead,
  where,
} from './recurrence.ts';
import { StepTable, walk } from './recurrenceReference.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    /** `reverse`: from the last step to the first. */
    lstm: { readonly reverse: boolean };
  }
}

/** What is kept of each step for the gradient: four gates, the memory and its tanh. */
export const LSTM_SAVED = 6;

/**
 * LSTM over all steps (https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html), gates in PyTorch's order i, f,
 * g, o. Inputs: x·W_ihᵀ and both biases `[T, N, 4H]`, W_hh `[4H, H]`, perhaps a mask `[T, N]`. Outputs: states
 * `[T, N, H]`, the state after the last step `[N, H]`, and what the gradient needs.
 */
export default defineOp({
  name: 'lstm',
  infer: ([shared, weight, mask]) => {
    const { steps, rows, units } = recurrenceOf(shared!.shape, weight!.shape, 4, mask?.shape);
    return [f32(steps, rows, units), f32(rows, units), f32(steps, rows, LSTM_SAVED * units)];
  },
  reference: ([shared, weight, mask], { reverse }) => {
    const sizes = recurrenceOf(shared!.type.shape, weight!.type.shape, 4);
    const { steps, rows, units } = sizes;
    const given = new StepTable(sizes, 4 * units, shared);
    const states = new StepTable(sizes, units);
    const saved = new StepTable(sizes, LSTM_SAVED * units);
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    walk(sizes, reverse, (step, row, before) => {
      const live = mask?.data[step * rows + row] !== 0;
      for (let unit = 0; unit < units; unit++) {
        const [i, f, g, o] = [0, 1, 2, 3].map((gate) => {
          const column = gate * units + unit;
          const share = states.product(before, row, (k) => weight!.data[column * units + k]!);
          return given.get(step, row, column) + share;
        }) as [number, number, number, number];
        const memory = saved.get(before, row, 4 * units + unit);
        const next = live ? sigmoid(f) * memory + sigmoid(i) * Math.tanh(g) : memory;
        const kept = [sigmoid(i), sigmoid(f), Math.tanh(g), sigmoid(o), next, Math.tanh(next)];
        for (const [at, value] of kept.entries()) saved.set(step, row, at * units + unit, value);
        states.set(step, row, unit, live ? sigmoid(o) * Math.tanh(next) : states.get(before, row, unit));
      }
    });
    return [states.rounded(), states.at(reverse ? 0 : steps - 1), saved.rounded()];
  },
  gradient: ({ emit, inputs: [, weight, mask], outputs: [states, , saved], outputGradients, attributes, needs }) => {
    const { values, attributes: given } = gradientInputs(outputGradients, mask, attributes.reverse);
    const gates = emit.op('lstmGradient', [weight!, saved!, ...values], given);
    return [gates, needs(1) ? weightGradient(emit, gates, states!, attributes.reverse) : undefined];
  },
  auxiliaryOutputs: [2],
  lower: ([shared, weight, masks], { reverse }) => {
    const sizes = recurrenceOf(shared!.shape, weight!.shape, 4);
    const reads = new CellReads(sizes);
    const [i, f, g, o] = reads.blocks(0, 4).map((read, gate) => add(read, stage(gate)));
    const [before, memory] = [stage(4), stage(5)];
    const mask = masks ? reads.mask(2) : undefined;
    const gates = [sigmoidOf(i!), sigmoidOf(f!), tanhOf(g!), sigmoidOf(o!)] as const;
    const next = where(mask, add(multiply(gates[1], memory), multiply(gates[0], gates[2])), memory);
    const shown = tanhOf(next);
    const state = where(mask, multiply(gates[3], shown), before);
    return {
      kind: 'scan',
      dims: [sizes.steps, sizes.rows, sizes.units],
      reverse,
      weight: weightRead(1, weight!.shape, 'forward'),
      groups: 4,
      loads: reads.loads,
      carried: [next],
      results: [
        { over: 'steps', values: [state] },
        { over: 'end', values: [state] },
        { over: 'steps', values: [...gates, next, shown] },
      ],
    };
  },
  samples: [
    { inputs: [f32(3, 2, 20), f32(20, 5)], attributes: { reverse: false } },
    {
      inputs: [f32(3, 5, 16), f32(16, 4), i32(3, 5)],
      attributes: { reverse: true },
      draw: ['normal', 'normal', { ids: 2 }],
    },
    { inputs: [f32(1, 2, 12), f32(12, 3)], attributes: { reverse: false } },
  ],
});
