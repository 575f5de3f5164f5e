import { broadcastShapes, f32, formatShape } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { type AxisSpec, access, term } from '../kernels/access.ts';
import { accumulator } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { fillPlaces, reader } from './movement.ts';
import { sumTo } from './sumTo.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    /** Whether the last two axes of an operand are exchanged before the product. */
    matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  }
}

interface Sizes {
  readonly batch: number[];
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Matrix product over the last two axes, the others broadcast: https://docs.pytorch.org/docs/stable/generated/torch.matmul.html */
export default defineOp({
  name: 'matmul',
  infer: ([a, b], attributes) => {
    const { batch, m, n } = sizes(a!.shape, b!.shape, attributes);
    return [f32(...batch, m, n)];
  },
  reference: ([a, b], attributes) => {
    const { batch, m, n, k } = sizes(a!.type.shape, b!.type.shape, attributes);
    const [readA, readB] = [reader(a!), reader(b!)];
    const place = (lead: readonly number[], shape: Shape, row: number, column: number): number[] => {
      const own = shape.slice(0, -2);
      return [...own.map((extent, i) => (extent === 1 ? 0 : lead[lead.length - own.length + i]!)), row, column];
    };
    const element = (at: readonly number[]): number => {
      const [lead, i, j] = [at.slice(0, -2), at.at(-2)!, at.at(-1)!];
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const left = attributes.transposeA ? place(lead, a!.type.shape, p, i) : place(lead, a!.type.shape, i, p);
        const right = attributes.transposeB ? place(lead, b!.type.shape, j, p) : place(lead, b!.type.shape, p, j);
        sum += readA(left) * readB(right);
      }
      return sum;
    };
    return [fillPlaces([...batch, m, n], element)];
  },
  gradient: ({ emit, inputs: [a, b], outputGradients: [dy], attributes: { transposeA, transposeB }, needs }) => {
    const byA = () =>
      transposeA
        ? emit.op('matmul', [b!, dy!], { transposeA: transposeB, transposeB: true })
        : emit.op('matmul', [dy!, b!], { transposeA: false, transposeB: !transposeB });
    const byB = () =>
      transposeB
        ? emit.op('matmul', [dy!, a!], { transposeA: true, transposeB: transposeA })
        : emit.op('matmul', [a!, dy!], { transposeA: !transposeA, transposeB: false });
    return [
      needs(0) ? sumTo(emit, byA(), a!.type.shape) : undefined,
      needs(1) ? sumTo(emit, byB(), b!.type.shape) : undefined,
    ];
  },
  lower: ([a, b], attributes) => {
    const { batch, m, n, k } = sizes(a!.shape, b!.shape, attributes);
    const dims = [...batch, m, n, k];
    const [rows, columns, inner] = [batch.length, batch.length + 1, batch.length + 2];
    const axes = (shape: Shape, first: number, second: number): AxisSpec[] => {
      const lead = batch.length - (shape.length - 2);
      const own = shape.slice(0, -2).map((extent, i) => ({ terms: extent === 1 ? [] : [term(lead + i)] }));
      return [...own, { terms: [term(first)] }, { terms: [term(second)] }];
    };
    const { transposeA, transposeB } = attributes;
    const axesA = transposeA ? axes(a!.shape, inner, rows) : axes(a!.shape, rows, inner);
    const axesB = transposeB ? axes(b!.shape, columns, inner) : axes(b!.shape, inner, columns);
    return {
      kind: 'contract',
      dims: [
        ...batch.map((extent) => ({ extent, role: 'batch' }) as const),
        { extent: m, role: 'm' },
        { extent: n, role: 'n' },
        { extent: k, role: 'k' },
      ],
      a: access(0, a!.shape, dims, axesA),
      b: access(1, b!.shape, dims, axesB),
      output: dims.slice(0, -1).map((_, dim) => dim),
      loads: [],
      epilogue: accumulator,
    };
  },
  samples: [
    { inputs: [f32(5, 7), f32(7, 3)], attributes: { transposeA: false, transposeB: false } },
    { inputs: [f32(4, 6), f32(9, 6)], attributes: { transposeA: false, transposeB: true } },
    { inputs: [f32(6, 4), f32(6, 5)], attributes: { transposeA: true, transposeB: false } },
    { inputs: [f32(3, 6, 4), f32(2, 1, 5, 6)], attributes: { transposeA: true, transposeB: true } },
  ],
});

function sizes(a: Shape, b: Shape, { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean }): Sizes {
  if (a.length < 2 || b.length < 2) {
    throw new RangeError(`expected tensors of at least two axes, got ${formatShape(a)} and ${formatShape(b)}`);
  }
  const [m, k] = transposeA ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const [inner, n] = transposeB ? [b.at(-1)!, b.at(-2)!] : [b.at(-2)!, b.at(-1)!];
  if (k !== inner) {
    throw new RangeError(`inner sizes differ: ${k} in ${formatShape(a)}, ${inner} in ${formatShape(b)}`);
  }
  return { batch: broadcastShapes(a.slice(0, -2), b.slice(0, -2)), m, n, k };
}
