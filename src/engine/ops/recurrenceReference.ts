import type { HostTensor } from './defineOp.ts';
import type { GradientInputs, Recurrence } from './recurrence.ts';

// What the references of recurrent cells share: plain loops in float64, which know nothing of kernels.

/** Visits each row's steps in order, with the step before it. */
export function walk(
  { steps, rows }: Recurrence,
  reverse: boolean,
  visit: (step: number, row: number, before: number | undefined) => void,
): void {
  for (let turn = 0; turn < steps; turn++) {
    const step = reverse ? steps - 1 - turn : turn;
    const before = turn === 0 ? undefined : reverse ? step + 1 : step - 1;
    for (let row = 0; row < rows; row++) visit(step, row, before);
  }
}

/** A table over steps, rows and columns in float64; what is before the first step is 0. */
export class StepTable {
  readonly data: Float64Array;
  readonly #rows: number;
  readonly #columns: number;

  constructor({ steps, rows }: Recurrence, columns: number, from?: HostTensor) {
    this.data = from ? Float64Array.from(from.data) : new Float64Array(steps * rows * columns);
    this.#rows = rows;
    this.#columns = columns;
  }

  get(step: number | undefined, row: number, column: number): number {
    return step === undefined ? 0 : this.data[(step * this.#rows + row) * this.#columns + column]!;
  }

  set(step: number, row: number, column: number, value: number): void {
    this.data[(step * this.#rows + row) * this.#columns + column] = value;
  }

  /** Σ_k table[step, row, k]·weight(k) over all columns. */
  product(step: number | undefined, row: number, weight: (k: number) => number): number {
    let sum = 0;
    for (let k = 0; k < this.#columns; k++) sum += this.get(step, row, k) * weight(k);
    return sum;
  }

  rounded(): Float32Array {
    return Float32Array.from(this.data);
  }

  /** One step's rows. */
  at(step: number): Float32Array {
    const size = this.#rows * this.#columns;
    return Float32Array.from(this.data.subarray(step * size, (step + 1) * size));
  }
}

/** The gradient by the state that comes from outside of the recurrence. */
export function outsideGradient(
  sizes: Recurrence,
  inputs: readonly HostTensor[],
  { reverse, byStates, byLast, masked }: GradientInputs,
  first: number,
): {
  readonly by: (step: number, row: number, unit: number) => number;
  readonly live: (step: number, row: number) => boolean;
} {
  const states = byStates ? new StepTable(sizes, sizes.units, inputs[first]) : undefined;
  const last = byLast ? inputs[first + (byStates ? 1 : 0)]!.data : undefined;
  const mask = masked ? inputs.at(-1)!.data : undefined;
  const lastStep = reverse ? 0 : sizes.steps - 1;
  return {
    by: (step, row, unit) =>
      (states?.get(step, row, unit) ?? 0) + (step === lastStep ? (last?.[row * sizes.units + unit] ?? 0) : 0),
    live: (step, row) => mask === undefined || mask[step * sizes.rows + row] !== 0,
  };
}
