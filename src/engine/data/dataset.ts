import type { Shape } from '../ir/types.ts';
import type { DataShapes } from '../layers/defineLayer.ts';

/** A data set in memory, as stored: bytes for images, floats for points. */
export interface Dataset {
  readonly id: string;
  readonly title: string;
  /** Shape of one sample, channels first: `[1, 28, 28]`. */
  readonly sample: Shape;
  /** Names of the classes; empty if there are no labels. */
  readonly classes: readonly string[];
  /** Shape of a sample's label: `[T]` for a class at each of T steps; absent: one class, `[]`. */
  readonly label?: Shape;
  /** What ids stand for, where samples are ids (int32): the characters of a text. */
  readonly vocabulary?: readonly string[];
  /** Of a table: what each number of a sample was in the file, `value = mean + deviation · number`. */
  readonly columns?: readonly InputColumn[];
  /** Of a table that is to be predicted as a number: what a label was in the file. There are no classes then. */
  readonly target?: InputColumn;
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
  /** `count` samples one after another. Bytes mean value ÷ 255, int32 are ids. */
  readonly inputs: Uint8Array | Float32Array | Int32Array;
  /** Numbers of classes, or float32 where numbers are to be predicted. */
  readonly labels: Int32Array | Float32Array;
}

/** Stands for a data set that is not known, or not yet: nothing that depends on it is inferred. */
export const UNKNOWN_DATA: DataShapes = { sample: [], classes: 0 };

/** What shape inference needs to know of a data set. */
export function dataShapes({
  sample,
  classes,
  label,
  vocabulary,
  target,
}: Pick<Dataset, 'sample' | 'classes' | 'label' | 'vocabulary'> & { readonly target?: unknown }): DataShapes {
  return {
    sample,
    classes: classes.length,
    ...(label && { label }),
    ...(vocabulary && { vocabulary: vocabulary.length }),
    ...(target !== undefined && { targets: 1 }),
  };
}
