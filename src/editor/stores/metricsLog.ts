import type { StepMetrics } from '../../workers/protocol.ts';

const FIRST_CAPACITY = 1024;

/**
 * The numbers of every step of a run, in typed arrays that grow by doubling: appending never copies what is read.
 * Append-only; a reader that kept `length` from before sees the same numbers there.
 */
export class MetricsLog {
  #length = 0;
  #step = new Float64Array(FIRST_CAPACITY);
  #loss = new Float64Array(FIRST_CAPACITY);
  #accuracy = new Float64Array(FIRST_CAPACITY);
  #hasAccuracy = false;
  readonly #terms = new Map<string, Float64Array<ArrayBuffer>>();

  get length(): number {
    return this.#length;
  }

  /** Whether any step had an accuracy; runs without classes have none. */
  get hasAccuracy(): boolean {
    return this.#hasAccuracy;
  }

  /** Step numbers, rising. A view of `length` elements: valid until the next append. */
  get step(): Float64Array {
    return this.#step.subarray(0, this.#length);
  }

  get loss(): Float64Array {
    return this.#loss.subarray(0, this.#length);
  }

  /** Share of the batch classified right; NaN where a step has none. */
  get accuracy(): Float64Array {
    return this.#accuracy.subarray(0, this.#length);
  }

  /** Each of several losses by itself, by its name; NaN where a step has none. Empty for runs with one loss. */
  get terms(): ReadonlyMap<string, Float64Array> {
    return new Map([...this.#terms].map(([name, values]) => [name, values.subarray(0, this.#length)]));
  }

  get lastStep(): number {
    return this.#length === 0 ? 0 : this.#step[this.#length - 1]!;
  }

  append(steps: readonly StepMetrics[]): void {
    this.#reserve(this.#length + steps.length);
    for (const { step, loss, accuracy, terms } of steps) {
      this.#step[this.#length] = step;
      this.#loss[this.#length] = loss;
      this.#accuracy[this.#length] = accuracy ?? Number.NaN;
      if (accuracy !== undefined) this.#hasAccuracy = true;
      for (const [name, value] of Object.entries(terms ?? {})) this.#termValues(name)[this.#length] = value;
      this.#length++;
    }
  }

  #termValues(name: string): Float64Array {
    const known = this.#terms.get(name);
    if (known) return known;
    const values = new Float64Array(this.#step.length).fill(Number.NaN);
    this.#terms.set(name, values);
    return values;
  }

  #reserve(needed: number): void {
    let capacity = this.#step.length;
    if (needed <= capacity) return;
    while (capacity < needed) capacity *= 2;
    this.#step = grown(this.#step, capacity);
    this.#loss = grown(this.#loss, capacity);
    this.#accuracy = grown(this.#accuracy, capacity);
    for (const [name, values] of this.#terms)
      this.#terms.set(name, grown(values, capacity).fill(Number.NaN, values.length));
  }
}

function grown(old: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(old);
  return larger;
}
