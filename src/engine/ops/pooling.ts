import { formatShape } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { type Access, access, term } from '../kernels/access.ts';
import { outputSize } from './convolution.ts';

/** Two numbers each: vertical, horizontal. */
export interface PoolingAttributes {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/** [N, C, OH, OW] of a pooling over x [N, C, H, W]. @throws RangeError if the window does not fit. */
export function pooledShape(x: Shape, { kernelSize, stride, padding, dilation }: PoolingAttributes): number[] {
  if (x.length !== 4) throw new RangeError(`expected [N, C, H, W], got ${formatShape(x)}`);
  const size = [0, 1].map((i) => outputSize(x[2 + i]!, kernelSize[i]!, stride[i]!, padding[i]!, dilation[i]!));
  if (size.some((extent) => extent < 1)) {
    throw new RangeError(`a ${formatShape(kernelSize)} window does not fit into ${formatShape(x.slice(2))}`);
  }
  return [...x.slice(0, 2), ...size];
}

/** Loop dims of a pooling: output places [N, C, OH, OW], then the window [KH, KW]. */
export function windowRead(x: Shape, dims: Shape, attributes: PoolingAttributes, outside: number): Access {
  const { stride, padding, dilation } = attributes;
  return access(
    0,
    x,
    dims,
    [
      { terms: [term(0)] },
      { terms: [term(1)] },
      { terms: [term(2, stride[0]!), term(4, dilation[0]!)], offset: -padding[0]! },
      { terms: [term(3, stride[1]!), term(5, dilation[1]!)], offset: -padding[1]! },
    ],
    outside,
  );
}

/** Loop dims of a pooling's gradient: input places [N, C, H, W], then the window; reads the output places whose window covers it. */
export function coveringRead(
  operand: number,
  y: Shape,
  dims: Shape,
  attributes: PoolingAttributes,
  outside: number,
): Access {
  const { stride, padding, dilation } = attributes;
  return access(
    operand,
    y,
    dims,
    [
      { terms: [term(0)] },
      { terms: [term(1)] },
      { terms: [term(2), term(4, -dilation[0]!)], offset: padding[0]!, divisor: stride[0]! },
      { terms: [term(3), term(5, -dilation[1]!)], offset: padding[1]!, divisor: stride[1]! },
    ],
    outside,
  );
}

/** Visits each place of a pooling: y's offset, its number in the window, and x's offset (−1 outside of x). */
export function forEachWindowPlace(
  x: Shape,
  y: Shape,
  { kernelSize, stride, padding, dilation }: PoolingAttributes,
  visit: (y: number, inWindow: number, x: number) => void,
): void {
  const [planes, h, w] = [x[0]! * x[1]!, x[2]!, x[3]!];
  const [oh, ow] = [y[2]!, y[3]!];
  for (let plane = 0; plane < planes; plane++)
    for (let p = 0; p < oh; p++)
      for (let q = 0; q < ow; q++)
        for (let i = 0; i < kernelSize[0]!; i++)
          for (let j = 0; j < kernelSize[1]!; j++) {
            const row = p * stride[0]! - padding[0]! + i * dilation[0]!;
            const column = q * stride[1]! - padding[1]! + j * dilation[1]!;
            const inside = row >= 0 && row < h && column >= 0 && column < w;
            visit((plane * oh + p) * ow + q, i * kernelSize[1]! + j, inside ? (plane * h + row) * w + column : -1);
          }
}
