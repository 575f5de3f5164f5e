import type { Value } from '../ir/types.ts';
import { access, term } from '../kernels/access.ts';
import { binary, type Expression, load } from '../kernels/expression.ts';
import type { FoldingEmitter } from './foldingEmitter.ts';
import type { OperatorContext } from './operatorContext.ts';

/** How windows lie along one spatial axis. */
export interface WindowAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  /** Number of windows. */
  readonly out: number;
}

/** Reads kernel_shape, strides, dilations, pads, auto_pad and ceil_mode for these spatial sizes. */
export function windowAxes(node: OperatorContext, spatial: readonly number[], kernel: readonly number[]): WindowAxis[] {
  const rank = spatial.length;
  const list = (name: string, usual: number, length = rank): readonly number[] => {
    const given = node.ints(name);
    if (!given || given.length === 0) return new Array<number>(length).fill(usual);
    return given.length === length ? given : node.refuse(`${name} [${given}] for ${rank} axes`);
  };
  const [strides, dilations, pads] = [list('strides', 1), list('dilations', 1), list('pads', 0, 2 * rank)];
  if (kernel.length !== rank) node.refuse(`kernel_shape [${kernel}] for ${rank} axes`);
  const positive = (sizes: readonly number[]): boolean => sizes.every((size) => Number.isInteger(size) && size >= 1);
  if (!positive(kernel) || !positive(strides) || !positive(dilations)) node.refuse('a size below 1');
  const automatic = node.text('auto_pad', 'NOTSET');
  const ceil = node.int('ceil_mode', 0) === 1;
  return spatial.map((size, i) => {
    const [k, stride, dilation] = [kernel[i] as number, strides[i] as number, dilations[i] as number];
    const reach = dilation * (k - 1) + 1;
    if (automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER') {
      const out = Math.ceil(size / stride);
      const total = Math.max(0, (out - 1) * stride + reach - size);
      const less = Math.floor(total / 2);
      const before = automatic === 'SAME_UPPER' ? less : total - less;
      return { kernel: k, stride, dilation, before, after: total - before, out };
    }
    if (automatic !== 'NOTSET' && automatic !== 'VALID') node.refuse(`auto_pad ${automatic}`);
    const [before, after] = automatic === 'VALID' ? [0, 0] : [pads[i] as number, pads[rank + i] as number];
    const steps = (size + before + after - reach) / stride;
    let out = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // A last window that would start behind the input and its left padding is left out, as in PyTorch.
    if (ceil && (out - 1) * stride >= size + before) out--;
    if (out < 1) node.refuse(`a window of ${reach} does not fit into ${size}`);
    return { kernel: k, stride, dilation, before, after, out };
  });
}

/** Reads at once in one kernel; longer windows take several. */
const MOST_READS = 16;

/** Joins the elements of each window along one axis; `outside` is what padding counts as. */
export function joinWindows(
  emit: FoldingEmitter,
  x: Value,
  axis: number,
  { kernel, stride, dilation, before, out }: WindowAxis,
  join: 'add' | 'maximum',
  outside: number,
): Value {
  const { shape } = x.type;
  const dims = shape.map((size, own) => (own === axis ? out : size));
  let result: Value | undefined;
  for (let first = 0; first < kernel; first += MOST_READS) {
    const count = Math.min(MOST_READS, kernel - first);
    const loads = Array.from({ length: count }, (_, k) => {
      const offset = (first + k) * dilation - before;
      const axes = shape.map((_, own) =>
        own === axis ? { terms: [term(own, stride)], offset } : { terms: [term(own)] },
      );
      return access(0, shape, dims, axes, outside);
    });
    const joined = loads.slice(1).reduce<Expression>((sum, _, k) => binary(join, sum, load(k + 1)), load(0));
    const part = emit.op('compute', [x], { spec: { kind: 'map', dims, loads, outputs: [joined] } });
    result = result ? emit.op(join, [result, part]) : part;
  }
  return result as Value;
}
