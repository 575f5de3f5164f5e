import { f32, i32 } from '../ir/shape.ts';
import { add, binary, constant, type Expression, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { CellReads, gradientInputs, recurrenceOf, tanhOf, weightGradient, weightRead, where } from './recurrence.ts';
import { StepTable, walk } from './recurrenceReference.ts';

export type RnnFunction = 'tanh' | 'relu';

declare module '../ir/types.ts' {
  interface OpAttributes {
    /** `reverse`: from the last step to the first. */
    rnn: { readonly reverse: boolean; readonly nonlinearity: RnnFunction };
  }
}

const FUNCTIONS: Record<RnnFunction, (x: Expression) => Expression> = {
  tanh: tanhOf,
  relu: (x) => binary('maximum', x, constant(0)),
};

/**
 * Elman's recurrence over all steps: https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html. Inputs: x·W_ihᵀ and
 * both biases `[T, N, H]`, W_hh `[H, H]`, perhaps a mask `[T, N]`. Outputs: states `[T, N, H]` and the state after the
 * last step `[N, H]`.
 */
export default defineOp({
  name: 'rnn',
  infer: ([shared, weight, mask]) => {
    const { steps, rows, units } = recurrenceOf(shared!.shape, weight!.shape, 1, mask?.shape);
    return [f32(steps, rows, units), f32(rows, units)];
  },
  reference: ([shared, weight, mask], { reverse, nonlinearity }) => {
    const sizes = recurrenceOf(shared!.type.shape, weight!.type.shape, 1);
    const { steps, rows, units } = sizes;
    const given = new StepTable(sizes, units, shared);
    const states = new StepTable(sizes, units);
    walk(sizes, reverse, (step, row, before) => {
      const live = mask?.data[step * rows + row] !== 0;
      for (let unit = 0; unit < units; unit++) {
        const share = states.product(before, row, (k) => weight!.data[unit * units + k]!);
        const sum = given.get(step, row, unit) + share;
        const next = nonlinearity === 'tanh' ? Math.tanh(sum) : Math.max(sum, 0);
        states.set(step, row, unit, live ? next : states.get(before, row, unit));
      }
    });
    return [states.rounded(), states.at(reverse ? 0 : steps - 1)];
  },
  gradient: ({ emit, inputs: [, weight, mask], outputs: [states], outputGradients, attributes, needs }) => {
    const { values, attributes: given } = gradientInputs(outputGradients, mask, attributes.reverse);
    const sums = emit.op('rnnGradient', [weight!, states!, ...values], { ...attributes, ...given });
    return [sums, needs(1) ? weightGradient(emit, sums, states!, attributes.reverse) : undefined];
  },
  lower: ([shared, weight, masks], { reverse, nonlinearity }) => {
    const sizes = recurrenceOf(shared!.shape, weight!.shape, 1);
    const reads = new CellReads(sizes);
    const sum = add(reads.block(0, 0, 1), stage(0));
    const state = where(masks ? reads.mask(2) : undefined, FUNCTIONS[nonlinearity](sum), stage(1));
    return {
      kind: 'scan',
      dims: [sizes.steps, sizes.rows, sizes.units],
      reverse,
      weight: weightRead(1, weight!.shape, 'forward'),
      groups: 1,
      loads: reads.loads,
      carried: [],
      results: [
        { over: 'steps', values: [state] },
        { over: 'end', values: [state] },
      ],
    };
  },
  samples: [
    { inputs: [f32(3, 2, 5), f32(5, 5)], attributes: { reverse: false, nonlinearity: 'tanh' } },
    {
      inputs: [f32(3, 5, 4), f32(4, 4), i32(3, 5)],
      attributes: { reverse: true, nonlinearity: 'tanh' },
      draw: ['normal', 'normal', { ids: 2 }],
    },
    {
      inputs: [f32(2, 2, 3), f32(3, 3)],
      attributes: { reverse: false, nonlinearity: 'relu' },
      draw: ['spread', 'positive'],
    },
  ],
});
