import { f32, formatShape, sameShape, sizeOf } from '../ir/shape.ts';
import type { TensorType, TypedArray } from '../ir/types.ts';
import { broadcastAccess } from '../kernels/access.ts';
import { constant, type Expression, multiply, stage } from '../kernels/expression.ts';
import type { ReduceSpec } from '../kernels/spec.ts';
import type { HostTensor } from './defineOp.ts';

interface MeanLossParts {
  infer(inputs: readonly TensorType[]): readonly TensorType[];
  reference(inputs: readonly HostTensor[]): readonly TypedArray[];
  lower(inputs: readonly TensorType[]): ReduceSpec;
}

/**
 * The parts of a loss that is the mean over all elements of a function of the prediction and the target, of one shape:
 * `load(0)` and `load(1)`. `reference` is the same function in float64, written apart.
 */
export function meanLoss(loss: {
  reference: (x: number, target: number) => number;
  expression: Expression;
}): MeanLossParts {
  return {
    infer: ([x, target]) => {
      if (!sameShape(x!.shape, target!.shape)) {
        throw new RangeError(
          `prediction ${formatShape(x!.shape)} and target ${formatShape(target!.shape)} differ in shape`,
        );
      }
      return [f32()];
    },
    reference: ([x, target]) => {
      let sum = 0;
      x!.data.forEach((element, i) => {
        sum += loss.reference(element, target!.data[i]!);
      });
      return [Float32Array.of(sum / x!.data.length)];
    },
    lower: ([x]) => {
      const dims = x!.shape;
      return {
        kind: 'reduce',
        dims,
        inner: dims.length,
        loads: [0, 1].map((operand) => broadcastAccess(operand, dims, dims)),
        stages: [{ combine: 'sum', value: loss.expression }],
        outputs: [{ over: 'outer', order: [], value: multiply(stage(0), constant(1 / sizeOf(dims))) }],
      };
    },
  };
}
