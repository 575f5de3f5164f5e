import { sizeOf, stridesOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import type { HostTensor } from './defineOp.ts';

/** Fills a float32 tensor of `shape` by asking for the element at each place. */
export function fillPlaces(shape: Shape, at: (place: readonly number[]) => number): Float32Array {
  const result = new Float32Array(sizeOf(shape));
  const place = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < result.length; i++) {
    result[i] = at(place);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] as number) + 1;
      if ((place[axis] as number) < (shape[axis] as number)) break;
      place[axis] = 0;
    }
  }
  return result;
}

/** Reads elements of a contiguous tensor by place; 0 outside of it. */
export function reader(tensor: HostTensor, outside = 0): (place: readonly number[]) => number {
  const { shape } = tensor.type;
  const strides = stridesOf(shape);
  return (place) => {
    let offset = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      const index = place[axis] as number;
      if (index < 0 || index >= (shape[axis] as number)) return outside;
      offset += index * (strides[axis] as number);
    }
    return tensor.data[offset] as number;
  };
}
