import type { DType, Shape, TensorType, TypedArray } from './types.ts';

/** More elements than this in one tensor are refused: no device holds them. */
export const MOST_ELEMENTS = 1e9;

/** Number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** Row-major strides in elements: `[2,3,4]` → `[12,4,1]`. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** `2×3×4`, or `scalar`. */
export function formatShape(shape: Shape): string {
  return shape.length === 0 ? 'scalar' : shape.join('×');
}

/**
 * NumPy's broadcasting rule (https://numpy.org/doc/stable/user/basics.broadcasting.html).
 * @throws RangeError naming both shapes when they do not fit.
 */
export function broadcastShapes(...shapes: Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const axis = rank - shape.length + i;
      const extent = shape[i] as number;
      if (extent === 1) continue;
      if (result[axis] !== 1 && result[axis] !== extent) {
        throw new RangeError(`shapes ${shapes.map(formatShape).join(' and ')} do not broadcast`);
      }
      result[axis] = extent;
    }
  }
  return result;
}

export function bytesPerElement(dtype: DType): number {
  switch (dtype) {
    case 'f32':
    case 'i32':
      return 4;
    case 'u8':
      return 1;
  }
}

export function byteLengthOf(type: TensorType): number {
  return sizeOf(type.shape) * bytesPerElement(type.dtype);
}

export function emptyArray(type: TensorType): TypedArray {
  const size = sizeOf(type.shape);
  switch (type.dtype) {
    case 'f32':
      return new Float32Array(size);
    case 'i32':
      return new Int32Array(size);
    case 'u8':
      return new Uint8Array(size);
  }
}

export function f32(...shape: number[]): TensorType {
  return { shape, dtype: 'f32' };
}

export function i32(...shape: number[]): TensorType {
  return { shape, dtype: 'i32' };
}
