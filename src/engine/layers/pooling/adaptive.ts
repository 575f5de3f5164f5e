import type { Emitter } from '../../ir/emitter.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { adaptiveWeight, mapAxis, mapProducts } from './mapAxis.ts';

/** Whether windows of one size cover the input without overlap. */
export const divides = (sizes: readonly number[], outputSize: readonly number[]): boolean =>
  sizes.every((size, i) => size % outputSize[i]! === 0);

/** Means over a grid of `outputSize` windows of x [N, C, …], which overlap where the sizes do not divide, as PyTorch's do. */
export function averageTo(emit: Emitter, x: Value, outputSize: readonly number[]): Value {
  const sizes = x.type.shape.slice(2);
  if (divides(sizes, outputSize)) {
    const kernelSize = sizes.map((size, i) => size / outputSize[i]!);
    return emit.op('avgPool', [x], { kernelSize, stride: kernelSize, padding: sizes.map(() => 0) });
  }
  return outputSize.reduceRight((mean, to, i) => mapAxis(emit, mean, 2 + i, to, adaptiveWeight(sizes[i]!, to)), x);
}

/** Multiply-adds of `averageTo` for one sample; windows of one size are only summed. */
export function averageProducts(sample: Shape, outputSize: readonly number[]): number {
  return divides(sample.slice(1), outputSize) ? 0 : mapProducts(sample, outputSize);
}

/** The largest numbers over windows such as those of `averageTo`. */
export function largestTo(emit: Emitter, x: Value, outputSize: readonly number[]): Value {
  const sizes = x.type.shape.slice(2);
  const none = { padding: sizes.map(() => 0), dilation: sizes.map(() => 1) };
  if (divides(sizes, outputSize)) {
    const kernelSize = sizes.map((size, i) => size / outputSize[i]!);
    return emit.op('maxPool', [x], { kernelSize, stride: kernelSize, ...none });
  }
  // The last axis first: of equal numbers that finds the first in order of rows, which gets the gradient.
  return outputSize.reduceRight((largest, to, i) => {
    const { shape } = largest.type;
    const windows = Array.from({ length: to }, (_, o) => {
      const [start, end] = [Math.floor((o * sizes[i]!) / to), Math.ceil(((o + 1) * sizes[i]!) / to)];
      const part = emit.op('slice', [largest], {
        starts: shape.map((_, axis) => (axis === 2 + i ? start : 0)),
        sizes: shape.map((extent, axis) => (axis === 2 + i ? end - start : extent)),
      });
      const kernelSize = sizes.map((_, axis) => (axis === i ? end - start : 1));
      return emit.op('maxPool', [part], { kernelSize, stride: kernelSize, ...none });
    });
    return emit.op('concat', windows, { axis: 2 + i });
  }, x);
}
