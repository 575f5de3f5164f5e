import type { Shape } from '../ir/types.ts';
import { type Access, access, term } from '../kernels/access.ts';
import { type Expression, exp, load, stage, subtract } from '../kernels/expression.ts';
import type { ReduceSpec } from '../kernels/spec.ts';
import type { HostTensor } from './defineOp.ts';
import { offsetsOf } from './reduction.ts';

/** A reduce over one axis whose results are written back in the tensor's own layout. `inputs` tensors of one shape. */
export function alongAxis(
  shape: Shape,
  axis: number,
  inputs: number,
  stages: ReduceSpec['stages'],
  value: Expression,
): ReduceSpec {
  const outer = shape.flatMap((_, own) => (own === axis ? [] : [own]));
  const order = [...outer, axis];
  const dims = order.map((own) => shape[own]!);
  const read = (operand: number): Access =>
    access(
      operand,
      shape,
      dims,
      shape.map((_, own) => ({ terms: [term(order.indexOf(own))] })),
    );
  return {
    kind: 'reduce',
    dims,
    inner: 1,
    loads: Array.from({ length: inputs }, (_, operand) => read(operand)),
    stages,
    outputs: [{ over: 'all', order: shape.map((_, own) => order.indexOf(own)), value }],
  };
}

/** The two stages of a softmax: the maximum, which keeps exp in range, and the sum of exponentials. */
export const softmaxStages: ReduceSpec['stages'] = [
  { combine: 'maximum', value: load(0) },
  { combine: 'sum', value: exp(subtract(load(0), stage(0))) },
];

/** Rewrites each line of elements along an axis. */
export function mapLines(
  inputs: readonly HostTensor[],
  axis: number,
  compute: (...lines: (readonly number[])[]) => readonly number[],
): Float32Array {
  const { shape } = inputs[0]!.type;
  const result = new Float32Array(inputs[0]!.data.length);
  const along = offsetsOf(shape, [axis]);
  for (const base of offsetsOf(
    shape,
    shape.flatMap((_, own) => (own === axis ? [] : [own])),
  )) {
    const line = compute(...inputs.map(({ data }) => along.map((offset) => data[base + offset] as number)));
    for (const [i, offset] of along.entries()) result[base + offset] = line[i]!;
  }
  return result;
}

/** log Σ exp of a line, without overflow. */
export function logSumExp(line: readonly number[]): number {
  const largest = Math.max(...line);
  // As PyTorch: an infinite element leaves nothing that is a number.
  if (!Number.isFinite(largest)) return Number.NaN;
  return largest + Math.log(line.reduce((sum, element) => sum + Math.exp(element - largest), 0));
}
