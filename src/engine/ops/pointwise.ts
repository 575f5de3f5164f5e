import { broadcastShapes, sizeOf, stridesOf } from '../ir/shape.ts';
import type { TensorType, TypedArray } from '../ir/types.ts';
import { broadcastAccess } from '../kernels/access.ts';
import type { Expression } from '../kernels/expression.ts';
import type { MapSpec } from '../kernels/spec.ts';
import type { HostTensor } from './defineOp.ts';

interface PointwiseParts {
  infer(inputs: readonly TensorType[]): readonly TensorType[];
  reference(inputs: readonly HostTensor[]): readonly TypedArray[];
  lower(inputs: readonly TensorType[]): MapSpec;
}

/**
 * The parts of an op that computes each element from the elements at the same place of its inputs, which broadcast.
 * `reference` is the plain function, in float64; `expression` is the same for kernels, where `load(i)` is input i.
 * The two are written apart so that one checks the other.
 */
export function pointwise(op: {
  reference: (...elements: number[]) => number;
  expression: Expression;
}): PointwiseParts {
  return {
    infer: (inputs) => [{ shape: broadcastShapes(...inputs.map((input) => input.shape)), dtype: 'f32' }],
    lower: (inputs) => {
      const dims = broadcastShapes(...inputs.map((input) => input.shape));
      return {
        kind: 'map',
        dims,
        loads: inputs.map((input, operand) => broadcastAccess(operand, input.shape, dims)),
        outputs: [op.expression],
      };
    },
    reference: (inputs) => [broadcastElements(inputs, op.reference)],
  };
}

/** Applies `compute` to the elements of broadcast inputs, in row-major order of the result. */
function broadcastElements(inputs: readonly HostTensor[], compute: (...elements: number[]) => number): Float32Array {
  const dims = broadcastShapes(...inputs.map((input) => input.type.shape));
  const strides = inputs.map(({ type: { shape } }) => {
    const own = stridesOf(shape);
    const lead = dims.length - shape.length;
    return dims.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : (own[axis - lead] as number)));
  });
  const result = new Float32Array(sizeOf(dims));
  const place = new Array<number>(dims.length).fill(0);
  const elements = new Array<number>(inputs.length);
  for (let i = 0; i < result.length; i++) {
    for (let k = 0; k < inputs.length; k++) {
      let at = 0;
      const stride = strides[k] as number[];
      for (let axis = 0; axis < place.length; axis++) at += (place[axis] as number) * (stride[axis] as number);
      elements[k] = (inputs[k] as HostTensor).data[at] as number;
    }
    result[i] = compute(...elements);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] as number) + 1;
      if ((place[axis] as number) < (dims[axis] as number)) break;
      place[axis] = 0;
    }
  }
  return result;
}
