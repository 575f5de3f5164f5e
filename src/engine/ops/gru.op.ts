import { f32, i32 } from '../ir/shape.ts';
import { add, multiply, stage, subtract } from '../kernels/expression.ts';
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
    gru: { readonly reverse: boolean };
  }
}

/** What is kept of each step for the gradient: both gates, the candidate and the state's share of it. */
export const GRU_SAVED = 4;

/**
 * GRU over all steps (https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html), gates in PyTorch's order r, z, n.
 * The reset gate works on the state's share of the candidate, bias included, so that the two biases stay apart. Inputs:
 * x·W_ihᵀ and b_ih `[T, N, 3H]`, W_hh `[3H, H]`, b_hh `[3H]`, perhaps a mask `[T, N]`. Outputs: states `[T, N, H]`, the
 * state after the last step `[N, H]`, and what the gradient needs.
 */
export default defineOp({
  name: 'gru',
  infer: ([shared, weight, bias, mask]) => {
    const { steps, rows, units } = recurrenceOf(shared!.shape, weight!.shape, 3, mask?.shape);
    if (bias!.shape.length !== 1 || bias!.shape[0] !== 3 * units) {
      throw new RangeError(`expected a bias of ${3 * units}, got ${bias!.shape.join('×')}`);
    }
    return [f32(steps, rows, units), f32(rows, units), f32(steps, rows, GRU_SAVED * units)];
  },
  reference: ([shared, weight, bias, mask], { reverse }) => {
    const sizes = recurrenceOf(shared!.type.shape, weight!.type.shape, 3);
    const { steps, rows, units } = sizes;
    const given = new StepTable(sizes, 3 * units, shared);
    const states = new StepTable(sizes, units);
    const saved = new StepTable(sizes, GRU_SAVED * units);
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    walk(sizes, reverse, (step, row, before) => {
      const live = mask?.data[step * rows + row] !== 0;
      for (let unit = 0; unit < units; unit++) {
        const [own, share] = [
          [0, 1, 2],
          [0, 1, 2],
        ].map((gates, side) =>
          gates.map((gate) => {
            const column = gate * units + unit;
            if (side === 0) return given.get(step, row, column);
            return bias!.data[column]! + states.product(before, row, (k) => weight!.data[column * units + k]!);
          }),
        ) as [number[], number[]];
        const reset = sigmoid(own[0]! + share[0]!);
        const keep = sigmoid(own[1]! + share[1]!);
        const candidate = Math.tanh(own[2]! + reset * share[2]!);
        for (const [at, value] of [reset, keep, candidate, share[2]!].entries())
          saved.set(step, row, at * units + unit, value);
        const old = states.get(before, row, unit);
        states.set(step, row, unit, live ? (1 - keep) * candidate + keep * old : old);
      }
    });
    return [states.rounded(), states.at(reverse ? 0 : steps - 1), saved.rounded()];
  },
  gradient: ({ emit, inputs: [, weight, , mask], outputs: [states, , saved], outputGradients, attributes, needs }) => {
    const { values, attributes: given } = gradientInputs(outputGradients, mask, attributes.reverse);
    const [share, own] = emit.ops('gruGradient', [weight!, saved!, states!, ...values], given);
    return [
      own,
      needs(1) ? weightGradient(emit, share!, states!, attributes.reverse) : undefined,
      needs(2) ? emit.op('sum', [share!], { axes: [0, 1], keepDims: false }) : undefined,
    ];
  },
  auxiliaryOutputs: [2],
  lower: ([shared, weight, , masks], { reverse }) => {
    const sizes = recurrenceOf(shared!.shape, weight!.shape, 3);
    const reads = new CellReads(sizes);
    const own = reads.blocks(0, 3);
    const share = [0, 1, 2].map((gate) => add(stage(gate), reads.vector(2, gate, 3)));
    const old = stage(3);
    const reset = sigmoidOf(add(own[0]!, share[0]!));
    const keep = sigmoidOf(add(own[1]!, share[1]!));
    const candidate = tanhOf(add(own[2]!, multiply(reset, share[2]!)));
    // (1 − z)·n + z·h, written as n + z·(h − n).
    const next = add(candidate, multiply(keep, subtract(old, candidate)));
    const state = where(masks ? reads.mask(3) : undefined, next, old);
    return {
      kind: 'scan',
      dims: [sizes.steps, sizes.rows, sizes.units],
      reverse,
      weight: weightRead(1, weight!.shape, 'forward'),
      groups: 3,
      loads: reads.loads,
      carried: [],
      results: [
        { over: 'steps', values: [state] },
        { over: 'end', values: [state] },
        { over: 'steps', values: [reset, keep, candidate, share[2]!] },
      ],
    };
  },
  samples: [
    { inputs: [f32(3, 2, 15), f32(15, 5), f32(15)], attributes: { reverse: false } },
    {
      inputs: [f32(3, 5, 12), f32(12, 4), f32(12), i32(3, 5)],
      attributes: { reverse: true },
      draw: ['normal', 'normal', 'normal', { ids: 2 }],
    },
    { inputs: [f32(1, 2, 9), f32(9, 3), f32(9)], attributes: { reverse: false } },
  ],
});
