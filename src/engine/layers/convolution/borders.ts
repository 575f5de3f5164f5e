import type { Emitter } from '../../ir/emitter.ts';
import type { Value } from '../../ir/types.ts';
import { LayerError } from '../defineLayer.ts';
import { pair, pythonCall } from '../python.ts';
import { kerasPad } from '../spatial.ts';

/** What a border holds: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html, `padding_mode`. */
export const PADDING_MODES = ['zeros', 'reflect', 'replicate', 'circular'] as const;
export type PaddingMode = (typeof PADDING_MODES)[number];

/** How much goes before and after each spatial axis. */
export interface Borders {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** The borders that a `padding` of numbers or a word asks for. @throws LayerError where "same" can't be. */
export function bordersOf(
  type: string,
  given: {
    readonly kernelSize: readonly number[];
    readonly stride: readonly number[];
    readonly dilation: readonly number[];
    readonly padding: readonly number[] | 'same' | 'valid';
  },
): Borders {
  const { kernelSize, stride, dilation, padding } = given;
  if (typeof padding !== 'string') return { before: padding, after: padding };
  const whole = kernelSize.map((size, i) => (padding === 'same' ? dilation[i]! * (size - 1) : 0));
  if (padding === 'same' && stride.some((step) => step !== 1)) {
    throw new LayerError(`A padding of "same" in ${type} needs a stride of 1, not ${stride.join('×')}.`, {
      parameter: 'padding',
      fixes: [
        { kind: 'setParameter', parameter: 'padding', value: whole.map((size) => Math.floor(size / 2)) },
        { kind: 'setParameter', parameter: 'stride', value: stride.map(() => 1) },
      ],
    });
  }
  return { before: whole.map((size) => Math.floor(size / 2)), after: whole.map((size) => Math.ceil(size / 2)) };
}

/** @throws LayerError if the input is too small to be mirrored or repeated that far. */
export function requireBorders(type: string, mode: PaddingMode, borders: Borders, sizes: readonly number[]): void {
  const less = mode === 'reflect' ? 1 : 0;
  if (mode === 'zeros' || mode === 'replicate') return;
  const most = sizes.map((size) => size - less);
  const widest = borders.before.map((size, i) => Math.max(size, borders.after[i]!));
  if (widest.every((size, i) => size <= most[i]!)) return;
  throw new LayerError(
    `The border of ${type} is ${widest.join('×')}: with paddingMode "${mode}" an input of ${sizes.join('×')} gives at most ${most.join('×')}.`,
    { parameter: 'padding', fixes: [{ kind: 'setParameter', parameter: 'paddingMode', value: 'zeros' }] },
  );
}

/** x [N, C, …] with a border along each spatial axis, one axis after the other. */
export function withBorders(emit: Emitter, x: Value, { before, after }: Borders, mode: PaddingMode): Value {
  if ([...before, ...after].every((size) => size === 0)) return x;
  if (mode === 'zeros') {
    return emit.op('pad', [x], { before: [0, 0, ...before], after: [0, 0, ...after], value: 0 });
  }
  return before.reduce((wide, size, i) => alongAxis(emit, wide, 2 + i, size, after[i]!, mode), x);
}

function alongAxis(
  emit: Emitter,
  x: Value,
  axis: number,
  before: number,
  after: number,
  mode: Exclude<PaddingMode, 'zeros'>,
): Value {
  if (before === 0 && after === 0) return x;
  const size = x.type.shape[axis]!;
  const part = (start: number, length: number): Value =>
    emit.op('slice', [x], {
      starts: x.type.shape.map((_, i) => (i === axis ? start : 0)),
      sizes: x.type.shape.map((extent, i) => (i === axis ? length : extent)),
    });
  const repeated = (start: number, times: number): Value =>
    emit.op('expand', [part(start, 1)], { shape: x.type.shape.map((extent, i) => (i === axis ? times : extent)) });
  // Borders are a few places wide: mirrored ones are taken one by one.
  const mirrored = (from: number, count: number): Value[] => Array.from({ length: count }, (_, k) => part(from - k, 1));
  const [start, end] = {
    replicate: () => [before > 0 ? [repeated(0, before)] : [], after > 0 ? [repeated(size - 1, after)] : []],
    circular: () => [before > 0 ? [part(size - before, before)] : [], after > 0 ? [part(0, after)] : []],
    reflect: () => [mirrored(before, before), mirrored(size - 2, after)],
  }[mode]() as [Value[], Value[]];
  return emit.op('concat', [...start, x, ...end], { axis });
}

/** Zeros around a channels-last expression in Keras. */
export function kerasZeros(x: string, { before, after }: Borders): string {
  if (before.every((size, i) => size === 0 && after[i] === 0)) return x;
  if (before.some((size, i) => size !== after[i])) return kerasPad(x, before, after);
  return `${pythonCall(`layers.ZeroPadding${before.length}D`, [pair(before)])}(${x})`;
}

/** Another border of the same, whose own `pad` knows mirrors only. */
export function kerasBorders(
  x: string,
  { before, after }: Borders,
  mode: PaddingMode,
  sizes: readonly number[],
): string {
  if (mode === 'reflect') {
    const border = before.map((size, i) => `(${size}, ${after[i]})`).join(', ');
    return `ops.pad(${x}, ((0, 0), ${border}, (0, 0)), mode="reflect")`;
  }
  return sizes.reduce((wide, size, i) => {
    if (before[i] === 0 && after[i] === 0) return wide;
    const places = `ops.arange(${-before[i]!}, ${size + after[i]!})`;
    const inside = mode === 'circular' ? `ops.mod(${places}, ${size})` : `ops.clip(${places}, 0, ${size - 1})`;
    return `ops.take(${wide}, ${inside}, axis=${i + 1})`;
  }, x);
}
