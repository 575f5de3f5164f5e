import { f32, formatShape, i32, sizeOf } from '../ir/shape.ts';
import type { TensorType } from '../ir/types.ts';
import { access, term } from '../kernels/access.ts';
import { load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    takeRows: Record<string, never>;
  }
}

/**
 * Rows of a table [R, …] by int32 ids [N]: [N, …]. Bytes become float32 (0 to 255), int32 stays. A row that does not
 * exist reads 0. For a float32 table this is an embedding: https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 */
export default defineOp({
  name: 'takeRows',
  infer: ([table, ids]) => {
    if (table!.shape.length === 0 || ids!.shape.length !== 1 || ids!.dtype !== 'i32') {
      throw new RangeError(
        `expected a table [R, …] and int32 ids [N], got ${formatShape(table!.shape)} and ${ids!.dtype} ${formatShape(ids!.shape)}`,
      );
    }
    return [{ shape: [ids!.shape[0]!, ...table!.shape.slice(1)], dtype: table!.dtype === 'i32' ? 'i32' : 'f32' }];
  },
  reference: ([table, ids]) => {
    const [rows, ...rest] = table!.type.shape;
    const width = sizeOf(rest);
    const count = ids!.data.length;
    const result = table!.type.dtype === 'i32' ? new Int32Array(count * width) : new Float32Array(count * width);
    for (let i = 0; i < count; i++) {
      const row = ids!.data[i]!;
      if (row >= 0 && row < rows!) result.set(table!.data.subarray(row * width, (row + 1) * width), i * width);
    }
    return [result];
  },
  gradient: ({ emit, inputs: [table, ids], outputGradients }) => [
    table!.type.dtype === 'f32'
      ? emit.op('takeRowsGradient', [outputGradients[0]!, ids!], { rows: table!.type.shape[0]! })
      : undefined,
    undefined,
  ],
  lower: ([table, ids]) => {
    const dims = [ids!.shape[0]!, ...table!.shape.slice(1)];
    const own: TensorType = table!;
    return {
      kind: 'map',
      dims,
      loads: [
        access(1, ids!.shape, dims, [{ terms: [term(0)] }]),
        access(0, own.shape, dims, [
          { terms: [], gather: 0 },
          ...own.shape.slice(1).map((_, i) => ({ terms: [term(i + 1)] })),
        ]),
      ],
      outputs: [load(1)],
    };
  },
  samples: [
    { inputs: [f32(6, 4), i32(3)], attributes: {}, draw: ['normal', { ids: 6 }] },
    { inputs: [{ shape: [5, 2, 3], dtype: 'u8' }, i32(4)], attributes: {}, draw: [{ ids: 256 }, { ids: 5 }] },
    { inputs: [i32(7), i32(5)], attributes: {}, draw: [{ ids: 10 }, { ids: 7 }] },
  ],
});
