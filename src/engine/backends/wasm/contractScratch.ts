import { operand as operandAddress, type Phase, shared } from './code.ts';
import type { ProductOperand } from './contractModule.ts';
import type { ContractOperand } from './contractOperand.ts';

/** Takes parts of a block of memory, one behind the other. */
export class Region {
  bytes = 0;

  /** The offset of so many bytes. */
  take(bytes: number): number {
    const at = this.bytes;
    this.bytes = Math.ceil((at + bytes) / 256) * 256;
    return at;
  }
}

/** The first output dim of a contract, by whose units work may be divided. */
export interface FirstDim {
  /** Its number, if there is an output dim. */
  readonly dim: number | undefined;
  readonly units: number;
  /** How many units a thread takes at a time, if it does so. */
  readonly most: number | undefined;
}

/** Finds a place for an operand's copy, if it has one: in a thread's own scratch memory by units, or in what all share. */
export function placeOperand(
  operand: ContractOperand,
  number: number,
  { dim, units, most }: FirstDim,
  ownMemory: Region,
  sharedMemory: Region,
): ProductOperand {
  const unitBytes = dim === undefined ? 0 : 4 * (operand.strides[dim] as number);
  const { copy } = operand;
  if (!copy) return { operand: number, unitBytes, sharedCopy: undefined, ownCopy: undefined };
  if (most !== undefined && copy.byUnit) {
    const at = ownMemory.take(copy.bytes * most);
    return { operand: number, unitBytes, sharedCopy: undefined, ownCopy: { copy, at } };
  }
  const at = sharedMemory.take(copy.byUnit ? copy.bytes * units : copy.bytes);
  return { operand: number, unitBytes, sharedCopy: at, ownCopy: undefined };
}

/** The phases that make the copies that all threads share, of a kernel with so many operands. */
export function copyPhases(
  sides: readonly { readonly operand: ContractOperand; readonly side: ProductOperand }[],
  units: number,
  operands: number,
): Phase[] {
  const phases: Phase[] = [];
  const all = Array.from({ length: operands }, (_, i) => operandAddress(i));
  const whole = sides.flatMap(({ operand: { copy }, side: { sharedCopy: at } }) =>
    copy && at !== undefined ? [{ copy, at }] : [],
  );
  for (const { copy, at } of whole) {
    if (!copy.clear) continue;
    const elements = (copy.byUnit ? copy.bytes * units : copy.bytes) / 4;
    const { code } = copy.clear;
    phases.push({ code, arguments: [shared(at)], range: elements, grain: 64, independent: phases.length > 0 });
  }
  for (const [i, { copy, at }] of whole.entries()) {
    // The operand may have more units than the loop goes through, and the copy has room for those only.
    const range = copy.byUnit ? units : copy.fill.range;
    const { code } = copy.fill;
    phases.push({ code, arguments: [...all, shared(at + copy.start)], range, grain: 1, independent: i > 0 });
  }
  return phases;
}
