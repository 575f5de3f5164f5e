import { formatShape, sizeOf } from '../ir/shape.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    unstack: Record<string, never>;
  }
}

/** The tensors along the first axis, as torch.unbind: [T, …] → T × […]. Costs nothing where they lie at multiples of 256 bytes. */
export default defineOp({
  name: 'unstack',
  infer: ([input]) => {
    const [count, ...rest] = input!.shape;
    if (count === undefined || input!.dtype !== 'f32')
      throw new RangeError(`expected float32 of at least one axis, got ${input!.dtype} ${formatShape(input!.shape)}`);
    return Array.from({ length: count }, () => ({ shape: rest, dtype: 'f32' }) as const);
  },
  reference: ([input]) => {
    const [count, ...rest] = input!.type.shape;
    const size = sizeOf(rest);
    return Array.from({ length: count! }, (_, i) => Float32Array.from(input!.data.subarray(i * size, (i + 1) * size)));
  },
  gradient: ({ emit, outputs, outputGradients }) => [
    emit.op(
      'stack',
      outputs.map((output, i) => outputGradients[i] ?? emit.fill(output.type.shape, 0)),
    ),
  ],
  lower: ([input]) => {
    const [count, ...rest] = input!.shape;
    return { kind: 'alias', offsets: Array.from({ length: count! }, (_, i) => i * sizeOf(rest)) };
  },
  samples: [
    { inputs: [{ shape: [3, 8, 16], dtype: 'f32' }], attributes: {} },
    { inputs: [{ shape: [4, 3, 5], dtype: 'f32' }], attributes: {} },
  ],
});
