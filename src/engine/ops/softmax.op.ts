import { f32 } from '../ir/shape.ts';
import { divide, exp, load, stage, subtract } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { alongAxis, logSumExp, mapLines, softmaxStages } from './rows.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    softmax: { readonly axis: number };
  }
}

/** exp(x) over its sum along an axis: https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html */
export default defineOp({
  name: 'softmax',
  infer: ([x], { axis }) => {
    if (axis < 0 || axis >= x!.shape.length) throw new RangeError(`there is no axis ${axis}`);
    return [f32(...x!.shape)];
  },
  reference: ([x], { axis }) => [
    mapLines([x!], axis, (line) => {
      const total = logSumExp(line!);
      return line!.map((element) => Math.exp(element - total));
    }),
  ],
  gradient: ({ emit, outputs: [y], outputGradients: [dy], attributes: { axis } }) => {
    const weighted = emit.op('multiply', [y!, dy!]);
    const total = emit.op('sum', [weighted], { axes: [axis], keepDims: true });
    return [emit.op('subtract', [weighted, emit.op('multiply', [y!, total])])];
  },
  lower: ([x], { axis }) =>
    alongAxis(x!.shape, axis, 1, softmaxStages, divide(exp(subtract(load(0), stage(0))), stage(1))),
  samples: [
    { inputs: [f32(3, 5)], attributes: { axis: 1 } },
    { inputs: [f32(2, 4, 3)], attributes: { axis: 1 } },
  ],
});
