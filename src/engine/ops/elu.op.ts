import { f32 } from '../ir/shape.ts';
import { binary, constant, load, multiply, select, unary } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    elu: { readonly alpha: number };
  }
}

const parts = ({ alpha }: { alpha: number }) =>
  pointwise({
    reference: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
    expression: select(
      binary('greater', load(0), constant(0)),
      load(0),
      multiply(unary('expm1', load(0)), constant(alpha)),
    ),
  });

/** x where x > 0, else alpha·(eˣ − 1): https://docs.pytorch.org/docs/stable/generated/torch.nn.ELU.html */
export default defineOp({
  name: 'elu',
  infer: (inputs, attributes) => parts(attributes).infer(inputs),
  reference: (inputs, attributes) => parts(attributes).reference(inputs),
  lower: (inputs, attributes) => parts(attributes).lower(inputs),
  gradient: ({ emit, inputs: [x], outputs: [y], outputGradients: [dy], attributes: { alpha } }) => [
    emit.op('select', [
      emit.op('greater', [x!, emit.fill([], 0)]),
      dy!,
      emit.op('multiply', [dy!, emit.op('add', [y!, emit.fill([], alpha)])]),
    ]),
  ],
  samples: [{ inputs: [f32(3, 5)], attributes: { alpha: 0.7 }, draw: ['spread'] }],
});
