import { f32 } from '../ir/shape.ts';
import { load, log, stage, subtract } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { alongAxis, logSumExp, mapLines, softmaxStages } from './rows.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    logSoftmax: { readonly axis: number };
  }
}

/** Logarithm of softmax: https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html */
export default defineOp({
  name: 'logSoftmax',
  infer: ([x], { axis }) => {
    if (axis < 0 || axis >= x!.shape.length) throw new RangeError(`there is no axis ${axis}`);
    return [f32(...x!.shape)];
  },
  reference: ([x], { axis }) => [
    mapLines([x!], axis, (line) => {
      const total = logSumExp(line!);
      return line!.map((element) => element - total);
    }),
  ],
  gradient: ({ emit, outputs: [y], outputGradients: [dy], attributes: { axis } }) => {
    const total = emit.op('sum', [dy!], { axes: [axis], keepDims: true });
    return [emit.op('subtract', [dy!, emit.op('multiply', [emit.op('exp', [y!]), total])])];
  },
  lower: ([x], { axis }) =>
    alongAxis(x!.shape, axis, 1, softmaxStages, subtract(subtract(load(0), stage(0)), log(stage(1)))),
  samples: [
    { inputs: [f32(3, 5)], attributes: { axis: 1 } },
    { inputs: [f32(2, 4, 3)], attributes: { axis: 0 } },
  ],
});
