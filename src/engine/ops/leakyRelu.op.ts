import { f32 } from '../ir/shape.ts';
import { binary, constant, load, multiply, select } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    leakyRelu: { readonly slope: number };
  }
}

const parts = ({ slope }: { slope: number }) =>
  pointwise({
    reference: (x) => (x > 0 ? x : slope * x),
    expression: select(binary('greater', load(0), constant(0)), load(0), multiply(load(0), constant(slope))),
  });

/** x where x > 0, else slope·x: https://docs.pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html */
export default defineOp({
  name: 'leakyRelu',
  infer: (inputs, attributes) => parts(attributes).infer(inputs),
  reference: (inputs, attributes) => parts(attributes).reference(inputs),
  lower: (inputs, attributes) => parts(attributes).lower(inputs),
  gradient: ({ emit, inputs: [x], outputGradients: [dy], attributes: { slope } }) => [
    emit.op('select', [
      emit.op('greater', [x!, emit.fill([], 0)]),
      dy!,
      emit.op('multiply', [dy!, emit.fill([], slope)]),
    ]),
  ],
  samples: [{ inputs: [f32(3, 5)], attributes: { slope: 0.7 }, draw: ['spread'] }],
});
