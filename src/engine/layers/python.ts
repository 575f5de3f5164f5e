import { EngineError } from '../errors.ts';
import type { Shape } from '../ir/types.ts';

/** What an argument in Python source may be; a list prints as a tuple. */
export type PythonValue = number | boolean | readonly number[] | { readonly source: string };

/** Source of a Python value: `True`, `(2, 3)`, `1e-5`. */
export function pythonValue(value: PythonValue): string {
  if (typeof value === 'number') {
    const small = value !== 0 && Math.abs(value) < 1e-4;
    return small ? value.toExponential() : String(value);
  }
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (isList(value)) return value.length === 1 ? `(${value[0]},)` : `(${value.join(', ')})`;
  return value.source;
}

/** A number that must not print as an integer: `1.0`. */
export function pythonFloat(value: number): PythonValue {
  return Number.isInteger(value) ? { source: `${value}.0` } : value;
}

/**
 * A call as one writes it by hand: keyword arguments that have their default are left out.
 * @param keywords name → [value, the framework's own default]
 */
export function pythonCall(
  name: string,
  positional: readonly PythonValue[],
  keywords: Readonly<Record<string, readonly [value: PythonValue, usual: PythonValue | undefined]>> = {},
): string {
  const given = Object.entries(keywords).flatMap(([keyword, [value, usual]]) =>
    usual !== undefined && pythonValue(value) === pythonValue(usual) ? [] : [`${keyword}=${pythonValue(value)}`],
  );
  return `${name}(${[...positional.map(pythonValue), ...given].join(', ')})`;
}

/** A pair of spatial sizes as one number where both are the same: `3` for `[3, 3]`. */
export function pair(sizes: readonly number[]): PythonValue {
  return sizes.every((size) => size === sizes[0]) ? (sizes[0] as number) : sizes;
}

/** 1 − x without the noise of binary fractions: Keras keeps the share that PyTorch replaces. */
export function complement(x: number): number {
  return Number((1 - x).toPrecision(12));
}

/**
 * Shape of one sample in Keras, which is channels-last: `[C, H, W]` becomes `[H, W, C]`. Samples of other ranks lie
 * the same in both.
 */
export function kerasShape(shape: Shape): Shape {
  const [channels, height, width] = shape;
  return shape.length === 3 ? [height!, width!, channels!] : shape;
}

/** The start of a functional or sequential model in Keras; ids are int32 there as well. */
export function kerasInput(sample: Shape, ids: boolean): string {
  return pythonCall('keras.Input', [], {
    shape: [kerasShape(sample), undefined],
    dtype: [{ source: ids ? '"int32"' : '"float32"' }, { source: '"float32"' }],
  });
}

/** Where an axis (the batch is axis 0) of a sample of `rank` axes lies in Keras. */
export function kerasAxis(axis: number, rank: number): number {
  if (rank !== 3 || axis === 0) return axis;
  return axis === 1 ? 3 : axis - 1;
}

/** The same, as one writes it: the last axis is −1. */
export function kerasAxisArgument(axis: number, rank: number): number {
  const place = kerasAxis(axis, rank);
  return place === rank ? -1 : place;
}

/** @throws EngineError `unsupported`: Keras has no such layer. */
export function kerasCannot(layer: string, what: string): never {
  throw new EngineError('unsupported', `Keras can't express ${layer} with ${what}.`, layer);
}

/** Applies the made layer to its one input. */
export const applyOne = (layer: string, inputs: readonly string[]): string => `${layer}(${inputs[0]})`;

function isList(value: PythonValue): value is readonly number[] {
  return Array.isArray(value);
}
