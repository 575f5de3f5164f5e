import { formatShape, sameShape, sizeOf } from '../ir/shape.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    stack: Record<string, never>;
  }
}

/** T tensors of one shape along a new first axis, as torch.stack: T × […] → [T, …]. */
export default defineOp({
  name: 'stack',
  infer: (inputs) => {
    const first = inputs[0];
    if (!first) throw new RangeError('expected at least one tensor, got none');
    for (const { shape, dtype } of inputs) {
      if (dtype !== 'f32' || !sameShape(shape, first.shape)) {
        throw new RangeError(
          `expected float32 tensors of one shape, got ${inputs.map((input) => formatShape(input.shape)).join(', ')}`,
        );
      }
    }
    return [{ shape: [inputs.length, ...first.shape], dtype: 'f32' }];
  },
  reference: (inputs) => {
    const size = sizeOf(inputs[0]!.type.shape);
    const result = new Float32Array(size * inputs.length);
    inputs.forEach((input, i) => {
      result.set(input.data, i * size);
    });
    return [result];
  },
  gradient: ({ emit, outputGradients }) => emit.ops('unstack', [outputGradients[0]!]),
  lower: (inputs) => ({ kind: 'pack', offsets: inputs.map((input, i) => i * sizeOf(input.shape)) }),
  samples: [
    { inputs: [1, 2, 3].map(() => ({ shape: [8, 16], dtype: 'f32' }) as const), attributes: {} },
    { inputs: Array.from({ length: 9 }, () => ({ shape: [3, 5], dtype: 'f32' }) as const), attributes: {} },
    { inputs: [{ shape: [7], dtype: 'f32' }], attributes: {} },
  ],
});
