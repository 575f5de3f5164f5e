import { f32, formatShape, i32 } from '../ir/shape.ts';
import { access, term } from '../kernels/access.ts';
import {
  binary,
  constant,
  divide,
  exp,
  index,
  load,
  log,
  multiply,
  select,
  stage,
  subtract,
} from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { logSumExp } from './rows.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    crossEntropy: Record<string, never>;
  }
}

/**
 * Softmax cross-entropy of logits [N, C] and int32 labels [N], one kernel for both outputs: the loss of each sample ÷ N,
 * [N], and the gradient of their sum (the mean loss) by the logits, [N, C]:
 * https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 */
export default defineOp({
  name: 'crossEntropy',
  infer: ([logits, labels]) => {
    const [n, classes] = logits!.shape;
    if (logits!.shape.length !== 2 || labels!.shape.length !== 1 || labels!.shape[0] !== n || labels!.dtype !== 'i32') {
      throw new RangeError(
        `expected logits [N, classes] and int32 labels [N], got ${formatShape(logits!.shape)} and ${labels!.dtype} ${formatShape(labels!.shape)}`,
      );
    }
    return [f32(n!), f32(n!, classes!)];
  },
  reference: ([logits, labels]) => {
    const [n, classes] = logits!.type.shape as [number, number];
    const losses = new Float32Array(n);
    const gradient = new Float32Array(n * classes);
    for (let i = 0; i < n; i++) {
      const line = Array.from(logits!.data.subarray(i * classes, (i + 1) * classes));
      const total = logSumExp(line);
      const label = labels!.data[i]!;
      losses[i] = (total - line[label]!) / n;
      line.forEach((element, c) => {
        gradient[i * classes + c] = (Math.exp(element - total) - (c === label ? 1 : 0)) / n;
      });
    }
    return [losses, gradient];
  },
  gradient: ({ emit, outputs, outputGradients: [dy] }) => {
    const each = emit.op('reshape', [dy!], { shape: [outputs[0]!.type.shape[0]!, 1] });
    return [emit.op('multiply', [outputs[1]!, each]), undefined];
  },
  auxiliaryOutputs: [1],
  lower: ([logits, labels]) => {
    const dims = logits!.shape;
    const share = constant(1 / dims[0]!);
    const own = binary('equal', load(1), index(1));
    return {
      kind: 'reduce',
      dims,
      inner: 1,
      loads: [
        access(0, dims, dims, [{ terms: [term(0)] }, { terms: [term(1)] }]),
        access(1, labels!.shape, dims, [{ terms: [term(0)] }]),
      ],
      stages: [
        { combine: 'maximum', value: load(0) },
        { combine: 'sum', value: exp(subtract(load(0), stage(0))) },
        { combine: 'sum', value: select(own, load(0), constant(0)) },
      ],
      outputs: [
        { over: 'outer', order: [0], value: multiply(subtract(log(stage(1)), subtract(stage(2), stage(0))), share) },
        {
          over: 'all',
          order: [0, 1],
          value: multiply(subtract(divide(exp(subtract(load(0), stage(0))), stage(1)), own), share),
        },
      ],
    };
  },
  samples: [{ inputs: [f32(6, 5), i32(6)], attributes: {}, draw: ['normal', { ids: 5 }] }],
});
