import type { ParameterLayout } from '../compiler/parameterLayout.ts';
import { normals, orthogonal, truncatedNormals } from '../initializers/draw.ts';
import { sizeOf } from '../ir/shape.ts';
import { philoxUniforms } from '../kernels/philox.ts';
import type { Initializer } from '../layers/defineLayer.ts';

/** The values of one weight, by `NODE.WEIGHT`. */
export interface NamedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * The weights that a seed stands for, drawn on the host, so that every device starts from the same numbers. Weight k
 * draws from Philox stream k of step 0; training draws from later steps.
 */
export function initialWeights(layout: ParameterLayout, seed: number): NamedWeight[] {
  return layout.entries.map(({ name, shape, initial }, stream) => ({
    name,
    shape,
    data: drawWeight(initial, sizeOf(shape), seed, stream),
  }));
}

/** `size` values of one weight, from stream `stream` of a seed. */
export function drawWeight(initial: Initializer, size: number, seed: number, stream: number): Float32Array {
  switch (initial.kind) {
    case 'constant':
      return new Float32Array(size).fill(initial.value);
    case 'uniform':
      return philoxUniforms(size, seed, 0, stream).map((u) => (2 * u - 1) * initial.bound);
    case 'normal':
      return Float32Array.from(normals(size, seed, stream), (each) => each * initial.deviation);
    case 'truncatedNormal':
      return Float32Array.from(truncatedNormals(size, seed, stream), (each) => each * initial.deviation);
    case 'orthogonal': {
      const { gain, rows, columns } = initial;
      return Float32Array.from(orthogonal(rows, columns, seed, stream), (each) => each * gain);
    }
  }
}
