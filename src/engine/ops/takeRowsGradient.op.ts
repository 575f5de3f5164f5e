import { f32, i32, sizeOf } from '../ir/shape.ts';
import { access, term } from '../kernels/access.ts';
import { binary, constant, index, load, select, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    takeRowsGradient: { readonly rows: number };
  }
}

/** Gradient of takeRows by its table, from dy [N, …] and ids [N]: each row gathers from the places that took it. */
export default defineOp({
  name: 'takeRowsGradient',
  infer: ([dy], { rows }) => [f32(rows, ...dy!.shape.slice(1))],
  reference: ([dy, ids], { rows }) => {
    const width = sizeOf(dy!.type.shape.slice(1));
    const sums = new Float64Array(rows * width);
    ids!.data.forEach((row, i) => {
      for (let c = 0; c < width && row >= 0 && row < rows; c++)
        sums[row * width + c] = sums[row * width + c]! + dy!.data[i * width + c]!;
    });
    return [Float32Array.from(sums)];
  },
  gradient: ({ emit, inputs, outputGradients }) => [emit.op('takeRows', [outputGradients[0]!, inputs[1]!]), undefined],
  lower: ([dy, ids], { rows }) => {
    const dims = [rows, ...dy!.shape.slice(1), dy!.shape[0]!];
    const last = dims.length - 1;
    return {
      kind: 'reduce',
      dims,
      inner: 1,
      loads: [
        access(0, dy!.shape, dims, [
          { terms: [term(last)] },
          ...dy!.shape.slice(1).map((_, i) => ({ terms: [term(i + 1)] })),
        ]),
        access(1, ids!.shape, dims, [{ terms: [term(last)] }]),
      ],
      stages: [{ combine: 'sum', value: select(binary('equal', load(1), index(0)), load(0), constant(0)) }],
      outputs: [{ over: 'outer', order: dims.slice(0, -1).map((_, dim) => dim), value: stage(0) }],
    };
  },
  samples: [{ inputs: [f32(5, 3), i32(5)], attributes: { rows: 4 }, draw: ['normal', { ids: 4 }] }],
});
