import type { Shape } from '../ir/types.ts';

/** A data set in memory, as stored: bytes for images, floats for points. */
export interface Dataset {
  readonly id: string;
  readonly title: string;
  /** Shape of one sample, channels first: `[1, 28, 28]`. */
  readonly sample: Shape;
  /** Names of the classes; empty if there are no labels. */
  readonly classes: readonly string[];
  /** Of a table: what each number of a sample was in the file, `value = mean + deviation · number`. */
  readonly columns?: readonly InputColumn[];
  readonly train: Split;
  readonly test: Split;
}

export interface InputColumn {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

export interface Split {
  readonly count: number;
  /** `count` samples one after another. Bytes mean value ÷ 255. */
  readonly inputs: Uint8Array | Float32Array;
  readonly labels: Int32Array;
}
