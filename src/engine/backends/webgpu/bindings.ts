import { EngineError } from '../../errors.ts';
import { byteLengthOf, bytesPerElement } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import type { Location } from '../../schedule/schedule.ts';

/** Slot number of the memory that one call uses between its own kernels. */
export const SCRATCH = -1;

/** Offsets of bindings are multiples of this (WebGPU's default minStorageBufferOffsetAlignment). */
const ALIGNMENT = 256;

/** A part of a slot that a kernel binds; binding k is called `bufferK` in its code. */
export interface KernelBinding {
  readonly slot: number;
  readonly byteOffset: number;
  readonly bytes: number;
  readonly write: boolean;
  readonly element: Storage['element'];
}

/** A tensor as WGSL sees it: element `base` of `name` on. */
export interface Storage {
  readonly name: string;
  /** Element type of the array in WGSL; bytes are packed four to a u32. */
  readonly element: 'f32' | 'i32' | 'u32';
  readonly dtype: DType;
  /** In elements of `dtype`. */
  readonly base: number;
}

export interface BoundTensors {
  readonly bindings: readonly KernelBinding[];
  readonly operands: readonly Storage[];
  readonly results: readonly Storage[];
}

/**
 * Bindings for the tensors of a kernel. A slot that is written is bound once, for reading and writing, since WebGPU
 * refuses the same buffer bound twice if one of them is written; its tensors are told apart by constant offsets.
 * @throws EngineError `unsupported` if more storage buffers are needed than the device has.
 */
export function bindTensors(
  operands: readonly Location[],
  results: readonly Location[],
  mostBuffers: number,
  label: string,
): BoundTensors {
  const written = new Set(results.map(({ slot }) => slot));
  const apart = (place: Location): string =>
    written.has(place.slot) ? `${place.slot}` : `${place.slot}:${alignDown(place.byteOffset)}`;
  const together = (place: Location): string => `${place.slot}`;
  const all = [...operands, ...results];
  const keyOf = new Set(all.map(apart)).size <= mostBuffers ? apart : together;

  const groups = new Map<string, Location[]>();
  for (const place of all) {
    const key = keyOf(place);
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  if (groups.size > mostBuffers) {
    throw new EngineError(
      'unsupported',
      `kernel "${label}" needs ${groups.size} storage buffers and this GPU has ${mostBuffers}: use another device`,
      label,
    );
  }

  const bindings: KernelBinding[] = [];
  const storages = new Map<string, { name: string; element: Storage['element']; start: number }>();
  for (const [key, places] of groups) {
    const start = alignDown(Math.min(...places.map(({ byteOffset }) => byteOffset)));
    const end = Math.max(...places.map(({ byteOffset, type }) => byteOffset + alignUp(byteLengthOf(type), 4)));
    const { slot } = places[0] as Location;
    const write = written.has(slot);
    const element = elementType(places);
    const name = `buffer${bindings.length}`;
    bindings.push({ slot, byteOffset: start, bytes: Math.max(4, end - start), write, element });
    storages.set(key, { name, element, start });
  }
  const storage = (place: Location): Storage => {
    const { name, element, start } = storages.get(keyOf(place)) as { name: string; element: 'f32'; start: number };
    const { dtype } = place.type;
    return { name, element, dtype, base: (place.byteOffset - start) / bytesPerElement(dtype) };
  };
  return { bindings, operands: operands.map(storage), results: results.map(storage) };
}

/** Whether a kernel on these tensors leaves a buffer free for scratch memory. */
export function roomForScratch(tensors: readonly Location[], mostBuffers: number): boolean {
  return new Set(tensors.map(({ slot }) => slot)).size < mostBuffers;
}

/** Code of element `address` (i32) of a tensor: f32 for f32, else i32. */
export function readElement(storage: Storage, address: string): string {
  const { name, element, dtype, base } = storage;
  const at = base === 0 ? address : `${address} + ${base}`;
  switch (dtype) {
    case 'f32':
      return element === 'f32' ? `${name}[${at}]` : `bitcast<f32>(${name}[${at}])`;
    case 'i32':
      return element === 'i32' ? `${name}[${at}]` : `bitcast<i32>(${name}[${at}])`;
    case 'u8':
      return `i32((${name}[(${at}) >> 2u] >> (u32((${at}) & 3) << 3u)) & 0xffu)`;
  }
}

/** Statement that stores a value (f32 for f32, else i32) as element `address` (i32). Bytes are stored by word instead. */
export function writeElement(storage: Storage, address: string, value: string): string {
  const { name, element, dtype, base } = storage;
  const at = base === 0 ? address : `${address} + ${base}`;
  const bits = element === dtype ? value : `bitcast<${element}>(${value})`;
  return `${name}[${at}] = ${bits};`;
}

function elementType(places: readonly Location[]): Storage['element'] {
  const dtypes = new Set(places.map(({ type }) => type.dtype));
  const [only] = dtypes;
  return dtypes.size > 1 || only === undefined || only === 'u8' ? 'u32' : only;
}

function alignDown(bytes: number): number {
  return Math.floor(bytes / ALIGNMENT) * ALIGNMENT;
}

export function alignUp(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
