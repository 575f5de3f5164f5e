import type { Shape } from '../ir/types.ts';

/** How a window slides over the spatial axes of a tensor: one number an axis each. */
export interface WindowSteps {
  readonly stride: readonly number[];
  /** Places before and after each axis. */
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/**
 * Where each window lies, spatial axes only: at `output place × kernel places + kernel place` the row-major place in the
 * input, −1 outside of it.
 */
export function windowPlaces(input: Shape, kernel: Shape, output: Shape, steps: WindowSteps): Int32Array {
  const { stride, padding, dilation } = steps;
  let places = Int32Array.of(0);
  let [outputs, kernels] = [1, 1];
  // One axis more at a time: what lies outside along an earlier axis stays outside.
  for (const [axis, extent] of input.entries()) {
    const [o, k] = [output[axis]!, kernel[axis]!];
    const finer = new Int32Array(outputs * o * kernels * k);
    for (let p = 0; p < outputs; p++)
      for (let q = 0; q < o; q++)
        for (let r = 0; r < kernels; r++)
          for (let s = 0; s < k; s++) {
            const coarse = places[p * kernels + r]!;
            const at = q * stride[axis]! - padding[axis]! + s * dilation[axis]!;
            const inside = coarse >= 0 && at >= 0 && at < extent;
            finer[(p * o + q) * kernels * k + r * k + s] = inside ? coarse * extent + at : -1;
          }
    places = finer;
    outputs *= o;
    kernels *= k;
  }
  return places;
}
